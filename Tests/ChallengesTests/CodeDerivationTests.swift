import AuthEvents
import Challenges
import Cryptography
import Testing

@Suite("A code")
struct CodeDerivationTests {
    private let key: SecretKey
    private let origin: CodeOrigin

    init() throws {
        key = try SecretKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        origin = CodeOrigin(
            epoch: [UInt8](0xa0..<0xb0),
            challenge: try #require(ChallengeID("ch_0197a3c04e5b7d118f2a6b3c4d5e6f70")),
            number: 1,
            purpose: .signUp,
            address: "bobby@example.com"
        )
    }

    @Test("is what the recipe gives when somebody else follows it", arguments: try CodeVector.all())
    func known(vector: CodeVector) throws {
        let code = vector.origin.code(digits: vector.digits, key: try SecretKey(base64: vector.key))
        #expect(code.digits == vector.code)
    }

    @Test("is the same each time it is derived")
    func repeats() {
        #expect(origin.code(digits: 6, key: key) == origin.code(digits: 6, key: key))
    }

    @Test("has as many digits as asked for, zeros in front included", arguments: 4...10)
    func length(digits: Int) {
        var origin = origin
        var startsWithZero = 0
        for number in Int64(1)...200 {
            origin.number = number
            let text = origin.code(digits: digits, key: key).digits
            #expect(text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) })
            if text.hasPrefix("0") { startsWithZero += 1 }
        }
        #expect((5...50).contains(startsWithZero))
    }

    @Test("is another one under any other key, epoch, challenge, number, purpose and address")
    func depends() throws {
        let others: [CodeOrigin] = try [
            change { $0.epoch[15] ^= 1 },
            change { $0.challenge = try #require(ChallengeID("ch_0197a3c04e5b7d118f2a6b3c4d5e6f71")) },
            change { $0.number = 2 },
            change { $0.purpose = .recovery },
            change { $0.address = "bobby@example.con" },
        ]
        let digits = 10
        let code = origin.code(digits: digits, key: key)
        for other in others { #expect(other.code(digits: digits, key: key) != code) }
        let otherKey = try SecretKey(base64: "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        #expect(origin.code(digits: digits, key: otherKey) != code)
    }

    @Test("is another one when text moves from one part to the next")
    func framing() {
        let left = change { ($0.number, $0.address) = (1, "1bobby@example.com") }
        let right = change { ($0.number, $0.address) = (11, "bobby@example.com") }
        #expect(left.code(digits: 10, key: key) != right.code(digits: 10, key: key))
        let longer = change { $0.epoch.append(0x01) }
        #expect(longer.code(digits: 10, key: key) != origin.code(digits: 10, key: key))
    }

    /// With 9 degrees of freedom one sound source of codes in about 10^9 exceeds 60; the codes here never change.
    @Test("has each digit at each place equally often, over 20,000 codes")
    func distribution() {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 6)
        var origin = origin
        for number in Int64(1)...20_000 {
            origin.number = number
            for (place, digit) in origin.code(digits: 6, key: key).digits.utf8.enumerated() {
                counts[place][Int(digit) - 0x30] += 1
            }
        }
        for place in counts {
            let chiSquare = place.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
            #expect(chiSquare < 60)
        }
    }

    private func change(_ edit: (inout CodeOrigin) throws -> Void) rethrows -> CodeOrigin {
        var changed = origin
        try edit(&changed)
        return changed
    }
}
