import AuthEvents
import Testing

@Suite("An address on the internet")
struct InternetNetworkTests {
    @Test(
        "is counted as it is, or by its network of 64 bits",
        arguments: [
            ("203.0.113.7", "203.0.113.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("2001:db8:0:1::7", "20:1:d:b8:0:0:0:1/64"), ("::1", "0:0:0:0:0:0:0:0/64"),
            // An IPv4 address in IPv6 is the same address (RFC 4291, section 2.5.5.2), however it is written.
            ("::ffff:203.0.113.7", "203.0.113.7"), ("::FFFF:cb00:7107", "203.0.113.7"),
            ("0:0:0:0:0:ffff:203.0.113.7", "203.0.113.7"),
            // But not what only looks like one.
            ("::203.0.113.7", "0:0:0:0:0:0:0:0/64"), ("::fffe:203.0.113.7", "0:0:0:0:0:0:0:0/64"),
        ]
    )
    func counted(text: String, network: String) {
        #expect(internetNetwork(of: text) == network)
    }

    @Test(
        "shares its network with its neighbours and with nobody else",
        arguments: [
            ("2001:db8:0:1::", "2001:0DB8:0000:0001:ffff:ffff:ffff:ffff", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false), ("2001:db8:0:1::1", "2001:db8:1:1::1", false),
            ("2001:db8::12", "2001:db8:0:0:1200::", true), ("1:203::", "1:2:3::", false), ("12:0::", "1:20::", false),
            ("203.0.113.7", "203.0.113.8", false),
        ]
    )
    func neighbours(left: String, right: String, isOne: Bool) throws {
        let networks = [internetNetwork(of: left), internetNetwork(of: right)]
        try #require(!networks.contains(nil))
        #expect((networks[0] == networks[1]) == isOne)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "localhost", "203.0.113", "203.0.113.256", "203.0.113.7/24", "203.0.113.07 ", " 203.0.113.7",
            "fe80::1%eth0",
            "2001:db8::/32", ":::", "[::1]", "2001:db8::1::2",
        ]
    )
    func nothing(text: String) {
        #expect(internetNetwork(of: text) == nil)
    }
}
