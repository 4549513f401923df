import Composition
import Testing

@Suite("A template")
struct TemplateTests {
    @Test(
        "is filled in",
        arguments: [
            ("a{{x}}b", "aXb"), ("{{x}}{{x}}", "XX"), ("{{y}}", ""), ("{{#x}}[{{x}}]{{/x}}", "[X]"),
            ("{{#y}}no{{/y}}", ""), ("{{^y}}none{{/y}}", "none"), ("{{^x}}none{{/x}}", ""),
            ("{{#x}}{{^y}}{{#x}}a{{/x}}{{/y}}{{/x}}", "a"), ("{ {x}} }}", "{ {x}} }}"), ("", ""),
            ("é\r\n{{x}}", "é\r\nX"),
        ] as [(String, String)]
    )
    func isFilledIn(source: String, result: String) throws {
        #expect(try Template(source, names: ["x", "y"]).rendered(with: ["x": "X", "y": ""], as: .text) == result)
    }

    @Test(
        "is refused at the line and column of its first fault",
        arguments: [
            ("{{z}}", "1:1: there is no place of this name here"),
            ("ab\ncé{{z}}", "2:3: there is no place of this name here"),
            ("a\r\n\r\n {{z}}", "3:2: there is no place of this name here"),
            ("{{ x }}", "1:1: there is no place of this name here"),
            ("{{}}", "1:1: there is no place of this name here"),
            ("{{##x}}", "1:1: there is no place of this name here"),
            ("a {{x", "1:3: this {{ has no }}"), ("{{x}\n{{x}}", "1:1: this {{ has no }}"),
            ("{{{x}}}", "1:1: this {{ has no }}"),
            ("👩‍👩‍👧 {{", "1:3: this {{ has no }}"), ("{{#x}}a", "1:1: this section is not closed"),
            ("{{x}}{{/x}}", "1:6: this closes a section that is not open"),
            ("{{#x}}{{#y}}{{/x}}", "1:7: this section is not closed"),
            (String(repeating: "{{#x}}", count: 17), "1:1: this section is not closed"),
            (
                String(repeating: "{{#x}}", count: 17) + String(repeating: "{{/x}}", count: 17),
                "1:97: sections stand at most 16 deep in one another"
            ),
        ] as [(String, String)]
    )
    func isRefused(source: String, error: String) {
        #expect { try Template(source, names: ["x", "y"]) } throws: { "\($0)" == error }
    }

    @Test("of the largest size that is nothing but sections is read")
    func manySections() throws {
        let deep = String(repeating: "{{#x}}", count: 10_000)
        #expect(throws: TemplateError.self) { try Template(deep, names: ["x"]) }
        let wide = String(repeating: "{{#x}}a{{/x}}", count: 5000)
        #expect(try Template(wide, names: ["x"]).rendered(with: ["x": "1"], as: .text).count == 5000)
    }

    @Test(
        "has values on one line where it is a line",
        arguments: [
            ("a\nb", "a b"), ("\r\n\u{0}a\u{85}\u{2028}b\n", "a b"), ("a  b", "a  b"), ("\u{7}", ""), ("é", "é"),
        ] as [(String, String)]
    )
    func line(value: String, result: String) throws {
        #expect(try Template("<{{x}}>", names: ["x"]).rendered(with: ["x": value], as: .line) == "<\(result)>")
    }
}
