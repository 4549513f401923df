import Testing

@testable import Cryptography

@Suite("A hash")
struct HashTests {
    @Test(
        "with SHA-256 gives what FIPS 180-4 gives",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func sha256Vectors(text: String, digest: String) {
        #expect(sha256(Array(text.utf8)).hex == digest)
    }

    @Test("of a million letters with SHA-256 is that of FIPS 180-4")
    func million() {
        let digest = sha256(filled(UInt8(ascii: "a"), 1_000_000)).hex
        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("with HMAC-SHA-256 gives what RFC 4231 gives, however the message is cut", arguments: hmacVectors.indices)
    func hmacVector(index: Int) {
        let vector = hmacVectors[index]
        let key = SecretKey(copying: vector.key.span)
        #expect(hmacSHA256(key: key, parts: [vector.data]).hex == vector.code)
        #expect(hmacSHA256(key: key, parts: vector.data.map { [$0] }).hex == vector.code)
        #expect(hmacSHA256(key: key, parts: [[], vector.data, []]).hex == vector.code)
    }

    @Test("with framed parts is the hash of each part behind its length in 8 bytes, big endian")
    func framed() {
        let key = SecretKey(copying: filled(7, 32).span)
        let message = filled(0, 7) + [2] + Array("ab".utf8) + filled(0, 8) + filled(0, 6) + [1, 44] + filled(9, 300)
        let expected = hmacSHA256(key: key, parts: [message])
        #expect(hmacSHA256(key: key, framed: [Array("ab".utf8), [], filled(9, 300)]) == expected)
    }

    @Test("with framed parts changes when a boundary is moved")
    func boundaries() {
        let key = SecretKey.random()
        let lists: [[[UInt8]]] = [
            [[1, 2], [3]], [[1], [2, 3]], [[1, 2, 3]], [[1, 2, 3], []], [[], [1, 2, 3]], [], [[]],
        ]
        #expect(Set(lists.map { hmacSHA256(key: key, framed: $0) }).count == lists.count)
    }

    @Test("with one key from many threads at once is the same for the same message")
    func threads() async {
        let secret = hmacVectors[1].key
        let key = SecretKey(copying: secret.span)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).allSatisfy { _ in
                        hmacSHA256(key: key, parts: [hmacVectors[1].data]).hex == hmacVectors[1].code
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("is compared as a whole: equal, another byte, another length")
    func comparison() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
        #expect(!constantTimeEqual([1], []))
    }

    @Test("of nothing but chance does not repeat")
    func randomness() {
        #expect(randomBytes(0).isEmpty)
        #expect(Set((0..<1000).map { _ in randomBytes(16) }).count == 1000)
        #expect(randomBytes(33).count == 33)
    }
}
