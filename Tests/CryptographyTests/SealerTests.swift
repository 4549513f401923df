import Testing

@testable import Cryptography

/// Test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B.
private let key15 = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
private let text15 =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
private let cipher15 =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"

private struct Vector: Sendable, CustomTestStringConvertible {
    var number: Int
    var key = String(repeating: "0", count: 64)
    var nonce = String(repeating: "0", count: 24)
    var text = ""
    var data = ""
    var cipher = ""
    var tag: String

    var testDescription: String { "case \(number)" }
}

private let vectors = [
    Vector(number: 13, tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
        number: 14,
        text: String(repeating: "0", count: 32),
        cipher: "cea7403d4d606b6e074ec5d3baf39d18",
        tag: "d0d1c8a799996bf0265b98b5d48ab919"
    ),
    Vector(
        number: 15,
        key: key15,
        nonce: "cafebabefacedbaddecaf888",
        text: text15,
        cipher: cipher15,
        tag: "b094dac5d93471bdec1a502270e3cc6c"
    ),
    Vector(
        number: 16,
        key: key15,
        nonce: "cafebabefacedbaddecaf888",
        text: String(text15.dropLast(8)),
        data: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        cipher: String(cipher15.dropLast(8)),
        tag: "76fc6ece0f4e1768cddf8853bb2d551b"
    ),
]

@Suite("A seal")
struct SealerTests {
    private let text = Array("the text".utf8)
    private let place = Array("table/row/column".utf8)

    @Test("is what the published vectors say, and opens again", arguments: vectors)
    private func published(vector: Vector) throws {
        let sealer = Sealer(key: SecretKey(copying: hex(vector.key).span))
        let sealed = sealer.seal(hex(vector.text), associatedData: hex(vector.data), nonce: hex(vector.nonce))
        #expect(sealed.hex == vector.nonce + vector.cipher + vector.tag)
        #expect(try sealer.open(sealed, associatedData: hex(vector.data)).hex == vector.text)
    }

    @Test("of the same text differs from the one before, and both open")
    func differs() throws {
        let sealer = Sealer(key: .random())
        let seals = (0..<100).map { _ in sealer.seal(text, associatedData: place) }
        #expect(Set(seals.map { Array($0.prefix(12)) }).count == 100)
        #expect(Set(seals).count == 100)
        for seal in seals { #expect(try sealer.open(seal, associatedData: place) == text) }
    }

    @Test("is 28 bytes longer than its text, whatever the length", arguments: [0, 1, 15, 16, 17, 4096, 100_000])
    func lengths(count: Int) throws {
        let sealer = Sealer(key: .random())
        let bytes = randomBytes(count)
        let sealed = sealer.seal(bytes, associatedData: [])
        #expect(sealed.count == count + 28)
        #expect(try sealer.open(sealed, associatedData: []) == bytes)
    }

    @Test("changed in any bit of nonce, ciphertext or tag is refused, and the sealer still opens the true one")
    func tampered() throws {
        let sealer = Sealer(key: .random())
        let sealed = sealer.seal(text, associatedData: place)
        for bit in 0..<8 * sealed.count {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: OpenError.notAuthentic) { try sealer.open(changed, associatedData: place) }
        }
        #expect(try sealer.open(sealed, associatedData: place) == text)
    }

    @Test("is refused with other associated data or another key")
    func misplaced() {
        let sealer = Sealer(key: .random())
        let sealed = sealer.seal(text, associatedData: place)
        for other in [[], place.dropLast(), place + [0], Array("table/row2/column".utf8)] {
            #expect(throws: OpenError.notAuthentic) { try sealer.open(sealed, associatedData: other) }
        }
        #expect(throws: OpenError.notAuthentic) { try Sealer(key: .random()).open(sealed, associatedData: place) }
    }

    @Test("cut or lengthened is refused")
    func resized() {
        let sealer = Sealer(key: .random())
        let sealed = sealer.seal(text, associatedData: place)
        for count in 0..<28 {
            #expect(throws: OpenError.tooShort) { try sealer.open(Array(sealed[..<count]), associatedData: place) }
        }
        for count in 28..<sealed.count {
            #expect(throws: OpenError.notAuthentic) { try sealer.open(Array(sealed[..<count]), associatedData: place) }
        }
        #expect(throws: OpenError.notAuthentic) { try sealer.open(sealed + [0], associatedData: place) }
    }

    @Test("made and opened by many threads at once is right")
    func threads() async {
        let sealer = Sealer(key: .random())
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 as Range<UInt8> {
                group.addTask {
                    (0..<200).allSatisfy { round in
                        let bytes = filled(number, round)
                        return
                            (try? sealer.open(sealer.seal(bytes, associatedData: [number]), associatedData: [number]))
                            == bytes
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("needs a key of 32 bytes")
    func wrongKey() async {
        await #expect(processExitsWith: .failure) { _ = Sealer(key: .random(count: 16)) }
    }
}
