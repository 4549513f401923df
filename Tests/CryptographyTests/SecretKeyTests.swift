import Foundation
import Testing

@testable import Cryptography

private func bytes(of key: SecretKey) -> [UInt8] {
    key.withSpan { span in span.indices.map { span[$0] } }
}

/// Gives the body a descriptor to read the text from.
private func reading<Result>(_ text: String, _ body: (CInt) throws -> Result) throws -> Result {
    let pipe = Pipe()
    let writer = Thread {
        // The reader may stop early, and then nobody wants the rest.
        _ = try? pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        _ = try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    return try body(pipe.fileHandleForReading.fileDescriptor)
}

@Suite("A secret key")
struct SecretKeyTests {
    private let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test("is drawn from chance in the length asked for")
    func random() {
        #expect(SecretKey.random().count == 32)
        #expect(SecretKey.random(count: 1).count == 1)
        #expect(Set((0..<100).map { _ in bytes(of: .random(count: 16)) }).count == 100)
    }

    @Test("is decoded from base64")
    func base64() throws {
        #expect(bytes(of: try SecretKey(base64: Array(text.utf8).span)) == Array(0..<32))
        #expect(bytes(of: try SecretKey(base64: Array("/+8=".utf8).span, counts: 1...2)) == [0xff, 0xef])
    }

    @Test(
        "is refused when its text is not base64",
        arguments: ["", "====", "AAE", "AA E", "AAE=\n", "AB==", "AA-_", "AAé"]
    )
    func notBase64(text: String) {
        #expect(throws: SecretKeyError.notBase64) { try SecretKey(base64: Array(text.utf8).span) }
    }

    @Test("is refused when it is shorter or longer than it may be")
    func wrongCount() {
        #expect(throws: SecretKeyError.wrongCount(32, allowed: 16...24)) {
            try SecretKey(base64: Array(text.utf8).span, counts: 16...24)
        }
        #expect(throws: SecretKeyError.wrongCount(2, allowed: 32...32)) {
            try reading("AAE=") { try SecretKey(base64From: $0) }
        }
    }

    @Test("is read from a descriptor, white space around its text aside", arguments: ["", "\n", " \t\r\n"])
    func descriptor(space: String) throws {
        let key = try reading(space + text + space) { try SecretKey(base64From: $0) }
        #expect(bytes(of: key) == Array(0..<32))
    }

    @Test("is refused from a descriptor that gives nothing, white space, too much, or an error")
    func badDescriptor() throws {
        for text in ["", " \n", "AA AE"] {
            #expect(throws: SecretKeyError.notBase64) { try reading(text) { try SecretKey(base64From: $0) } }
        }
        let long = String(repeating: "A", count: 4097)
        #expect(throws: SecretKeyError.tooLong(limit: 4096)) { try reading(long) { try SecretKey(base64From: $0) } }
        #expect(throws: SecretKeyError.unreadable(errno: EBADF)) { try SecretKey(base64From: -1) }
    }

    @Test("derives what RFC 5869 derives", arguments: hkdfVectors.indices)
    func derivation(index: Int) {
        let vector = hkdfVectors[index]
        let key = SecretKey(copying: vector.key.span)
        let derived = key.derive(info: vector.info, salt: vector.salt, count: vector.output.count / 2)
        #expect(bytes(of: derived).hex == vector.output)
    }

    @Test("derives another key for another purpose, and the same for the same")
    func purposes() {
        let key = SecretKey.random()
        #expect(bytes(of: key.derive(info: "a")) == bytes(of: key.derive(info: "a")))
        #expect(bytes(of: key.derive(info: "a")) != bytes(of: key.derive(info: "b")))
        #expect(bytes(of: key.derive(info: "a")) != bytes(of: SecretKey.random().derive(info: "a")))
    }

    @Test("tells its length when it is printed, dumped or reflected, and nothing more")
    func description() {
        let key = SecretKey(copying: Array("hunter2hunter2".utf8).span)
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "SecretKey(14 bytes)" && String(reflecting: key) == "SecretKey(14 bytes)")
        #expect(Mirror(reflecting: key).children.map(\.label) == ["count"])
        #expect(!dumped.contains("hunter2") && !dumped.contains("address"))
    }
}
