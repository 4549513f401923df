import Foundation
import Testing

@testable import Cryptography

/// Gives the body a path that nothing stands at, in a folder that is removed afterwards.
private func withPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("secret-file-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { _ = try? FileManager.default.removeItem(at: folder) }  // the system clears what is left
    try body(folder.appendingPathComponent("keys").path)
}

private func text(of key: SecretKey) -> String {
    key.withSpan { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
}

private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

@Suite("A file of secrets")
struct SecretFileTests {
    @Test("is written for its owner alone, with keys in base64 between the texts, and read back whole")
    func roundTrip() throws {
        try withPath { path in
            let keys = [SecretKey(copying: [0xff, 0xef].span), SecretKey(copying: Array(0..<32).span)]
            try createSecretFile(at: path, [.text("a = "), .key(keys[0]), .text("\nb = "), .key(keys[1]), .text("\n")])
            #expect(try mode(path) == 0o600)
            let contents = try SecretKey.contents(ofFile: path)
            #expect(text(of: contents) == "a = /+8=\nb = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
        }
    }

    @Test("that is there already is left alone")
    func existing() throws {
        try withPath { path in
            try createSecretFile(at: path, [.text("first")])
            #expect(throws: SecretFileError.self) { try createSecretFile(at: path, [.text("second")]) }
            #expect(text(of: try SecretKey.contents(ofFile: path)) == "first")
        }
    }

    @Test("that others can read or write is refused with its mode", arguments: [0o640, 0o604, 0o620, 0o601, 0o644])
    func readableByOthers(permissions: Int) throws {
        try withPath { path in
            try createSecretFile(at: path, [.text("secret")])
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
            #expect(throws: SecretFileError.readableByOthers(mode: String(permissions, radix: 8))) {
                try SecretKey.contents(ofFile: path)
            }
        }
    }

    @Test("that is larger than the limit, empty, missing or a folder is refused")
    func unusable() throws {
        try withPath { path in
            #expect(throws: SecretFileError.self) { try SecretKey.contents(ofFile: path) }
            try createSecretFile(at: path, [.text("12345")])
            #expect(throws: SecretFileError.tooLarge(limit: 4)) { try SecretKey.contents(ofFile: path, limit: 4) }
            #expect(try SecretKey.contents(ofFile: path, limit: 5).count == 5)
            try createSecretFile(at: path + "2", [])
            #expect(throws: SecretFileError.notReadable(reason: "it is empty")) {
                try SecretKey.contents(ofFile: path + "2")
            }
            #expect(throws: SecretFileError.notReadable(reason: "it is not a regular file")) {
                try SecretKey.contents(ofFile: (path as NSString).deletingLastPathComponent)
            }
        }
    }
}
