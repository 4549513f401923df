import Limits
import Testing

@Suite("A rate")
struct RateTests {
    @Test(
        "is a number, a slash and a duration, of which a 1 may be left out",
        arguments: [
            ("5/10m", Rate(count: 5, period: .seconds(600))), ("10/24h", Rate(count: 10, period: .seconds(86_400))),
            ("1/24h", Rate(count: 1, period: .seconds(86_400))), ("1/1d", Rate(count: 1, period: .seconds(86_400))),
            ("1000000/1s", Rate(count: 1_000_000, period: .seconds(1))),
            ("14/1s", Rate(count: 14, period: .seconds(1))),
            ("14/s", Rate(count: 14, period: .seconds(1))), ("5/m", Rate(count: 5, period: .seconds(60))),
            ("3/1500ms", Rate(count: 3, period: .milliseconds(1500))),
        ]
    )
    func isRead(text: String, rate: Rate) {
        #expect(Rate(text: text) == rate)
    }

    @Test(
        "is not read from anything else, nor beyond its bounds",
        arguments: [
            "", "/", "5", "5/", "/10m", "5/10m/2", "5 / 10m", "5/10", "5/ms", "5/ s", "0/10m", "-1/10m", "+5/10m",
            "1.5/1s",
            "1000001/1s", "1/25h", "1/2d", "1/999ms", "1/0s", "99999999999999999999/1s", "5/10m\n", "5/10m 5",
            "five/10m",
            "٥/10m",
        ]
    )
    func isRefused(text: String) {
        #expect(Rate(text: text) == nil)
    }

    @Test("is written as it is read", arguments: ["5/10m", "10/24h", "1000000/1s", "3/1500ms", "90/90s"])
    func isWritten(text: String) {
        #expect(Rate(text: text)?.text == text)
    }
}
