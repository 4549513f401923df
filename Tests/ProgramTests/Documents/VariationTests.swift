import Testing

@Suite("What a document shows")
struct VariationTests {
    @Test(
        "may differ from what is printed in ids, codes, times, hashes, waits and the width of columns",
        arguments: [
            ("dl_01a1fcb3d4ce7b59912a265b422b18da  email", "dl_01a1fe9713a770c58892f902d23f0824      email"),
            ("314483 is your Gatepost code", "029170 is your Gatepost code"),
            (#"{"code":"314483"}"#, #"{"code":"000001"}"#),
            ("@cruddur.com #123456", "@cruddur.com #654321"),
            ("until 2026-11-21T16:47:22.347Z", "until 2027-01-02T03:04:05Z"),
            ("come again in 30 seconds", "come again in 29 seconds"),
            ("the next may come in 290.7s.", "the next may come in 289s."),
            ("spend in 2026-11", "spend in 2027-01"),
            ("keys.state: epoch 80d34104…, sequence 1", "keys.state: epoch 7cdcbb0e…, sequence 17"),
            ("0     0     12s", "0     0     0s"),
        ]
    )
    func variations(_ shown: String, _ printed: String) throws {
        #expect(try Variation.scan(shown).skeleton == Variation.scan(printed).skeleton)
    }

    @Test(
        "may not differ in anything else",
        arguments: [
            ("delivery dl_01a1fcb3d4ce7b59912a265b422b18da", "challenge ch_01a1fcb3d4ce7b59912a265b422b18da"),
            ("tries left: 4", "tries left: 3"),
            ("amount 0.0133 USD", "amount 0.0134 USD"),
            ("amount 0.012345 USD", "amount 0.012346 USD"),
            ("+12015550123", "+12015550124"),
            ("email  0  5", "email  0  4"),
            ("email ready", "email  ready"),
            ("It is good for 24 hours.", "It is good for 12 hours."),
        ]
    )
    func differences(_ shown: String, _ printed: String) throws {
        #expect(try Variation.scan(shown).skeleton != Variation.scan(printed).skeleton)
    }

    @Test("has one name for one thing, and commands get the real one")
    func names() throws {
        let (first, second) = ("dl_01a1fcb3d4ce7b59912a265b422b18da", "dl_01a1fe9713a770c58892f902d23f0824")
        let third = "dl_01a1fe9713a770c58892f902d23f0825"
        var book = NameBook()
        #expect(throws: Disappointment.self) { try book.command("gatepost show \(first)") }
        #expect(throws: Disappointment.self) { try book.command("gatepost verify CHALLENGE 314483") }
        #expect(try book.command("gatepost verify CHALLENGE 000000").hasSuffix("000000"))
        #expect(book.learn([(first, second)]) == nil)
        #expect(try book.command("gatepost show \(first)") == "gatepost show \(second)")
        #expect(try book.output("delivery \(second)") == "delivery \(first)")
        #expect(book.learn([(first, third)]) != nil)
        #expect(book.learn([(third, second)]) != nil)
        #expect(book.learn([(first, second)]) == nil)
    }
}
