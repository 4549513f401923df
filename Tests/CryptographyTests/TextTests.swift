import Testing

@testable import Cryptography

@Suite("Bytes written as text")
struct TextTests {
    /// RFC 4648, section 10.
    private static let vectors = [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test("read as in RFC 4648, section 10", arguments: vectors)
    func published(text: String, base64: String, digits: String) {
        let bytes = Array(text.utf8)
        let unpadded = base64.filter { $0 != "=" }
        #expect(bytes.base64 == base64 && bytes.base64URL == unpadded && bytes.hex == digits)
        #expect([UInt8](base64: base64) == bytes)
        #expect([UInt8](base64URL: unpadded) == bytes)
        #expect([UInt8](hex: digits) == bytes)
        #expect([UInt8](hex: digits.uppercased()) == bytes)
    }

    @Test("come back, whatever they are")
    func roundTrip() {
        for count in 0..<70 {
            let bytes = randomBytes(count)
            #expect([UInt8](base64: bytes.base64) == bytes)
            #expect([UInt8](base64URL: bytes.base64URL) == bytes)
            #expect([UInt8](hex: bytes.hex) == bytes)
        }
        let all = Array(UInt8.min...UInt8.max)
        #expect([UInt8](base64: all.base64) == all && [UInt8](base64URL: all.base64URL) == all)
    }

    @Test("have letters of their own for 62 and 63 in an address")
    func alphabets() {
        #expect([0xfb, 0xff].base64 == "+/8=")
        #expect([0xfb, 0xff].base64URL == "-_8")
        #expect([UInt8](base64: "-_8=") == nil)
        #expect([UInt8](base64URL: "+/8") == nil)
    }

    @Test(
        "are refused as base64 when another text would be the canonical one",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Zh==", "Zm9=", "Zm8", "Zm9v=", "Zm9vYg", "Z===", "Zg==Zg==",
            "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v====", "Zm9*", "Zmé=", "Zm=v", "Z=9v", "Zm9v\0",
        ]
    )
    func notBase64(text: String) {
        #expect([UInt8](base64: text) == nil)
    }

    @Test(
        "are refused as base64url with padding, unused bits or a letter over",
        arguments: ["Zg==", "Zh", "Zm9vY", "Zm8="]
    )
    func notBase64URL(text: String) {
        #expect([UInt8](base64URL: text) == nil)
    }

    @Test(
        "are refused as digits when one is missing or none",
        arguments: ["0", "0g", "0x00", " 00", "00 ", "é0", "000"]
    )
    func notHex(text: String) {
        #expect([UInt8](hex: text) == nil)
    }
}
