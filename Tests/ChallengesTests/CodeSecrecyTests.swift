import Challenges
import Testing

@Suite("A code keeps its digits to itself")
struct CodeSecrecyTests {
    private let code = Code(digits: "493817")

    @Test("however it is turned into text")
    func texts() {
        let optional: Code? = code
        for text in [
            "\(code)", String(describing: code), String(reflecting: code), code.debugDescription, "\([code])",
            "\([1: code])", String(reflecting: optional), String(reflecting: (code, 1)),
            String(describing: Result<Code, Never>.success(code)), String(reflecting: Holder(code: code)),
        ] {
            #expect(!text.contains("493817") && !text.contains("4938"))
        }
        #expect("\(code)" == "Code(hidden)")
    }

    @Test("when it is dumped or looked at in a mirror")
    func dumps() {
        var text = ""
        dump(code, to: &text)
        dump([Holder(code: code)], to: &text)
        #expect(!text.contains("493817"))
        #expect(Mirror(reflecting: code).children.isEmpty)
    }

    @Test("and is compared as a whole")
    func compares() {
        #expect(code.matches("493817"))
        for other in ["", "4", "49381", "4938170", "493818", " 493817", "493817\n", "４９３８１７", "593817", "493817\0"] {
            #expect(!code.matches(other))
        }
        #expect(!Code(digits: "0042").matches("42"))
    }

    private struct Holder {
        let code: Code
    }
}
