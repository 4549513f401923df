import Testing

@testable import Cryptography

@Suite("A signature of somebody else")
struct SignatureTests {
    @Test(
        "with HMAC-SHA-1 is what RFC 2202 gives",
        arguments: [
            (filled(0x0b, 20), Array("Hi There".utf8), "b617318655057264e28bc0b6fb378c8ef146be00"),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
            ), (filled(0xaa, 20), filled(0xdd, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            (
                filled(0xaa, 80), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "aa4ae5e15272d00e95705637ce8a3b55ed402112"
            ),
        ]
    )
    func sha1(key: [UInt8], message: [UInt8], code: String) {
        #expect(hmacSHA1(key: SecretKey(copying: key.span), message).hex == code)
    }

    @Test("with HMAC-SHA-1 of nothing is one too")
    func empty() {
        let code = hmacSHA1(key: SecretKey(copying: [1, 2, 3].span), [])
        #expect(code.count == 20)
        #expect(code != hmacSHA1(key: SecretKey(copying: [1, 2, 4].span), []))
    }

    /// RFC 8032, section 7.1, tests 1 to 3.
    static let ed25519 = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test("with Ed25519 is what RFC 8032 gives, and nothing near it", arguments: ed25519.indices)
    func vector(index: Int) throws {
        let (publicKey, message, signature) = SignatureTests.ed25519[index]
        let key = try #require([UInt8](hex: publicKey).flatMap(Ed25519PublicKey.init))
        let (text, right) = (try #require([UInt8](hex: message)), try #require([UInt8](hex: signature)))
        #expect(key.isSignature(right, of: text))
        #expect(!key.isSignature(right, of: text + [0]))
        #expect(!key.isSignature([], of: text))
        #expect(!key.isSignature(Array(right.dropLast()), of: text))
        for place in right.indices {
            var wrong = right
            wrong[place] ^= 0x10
            #expect(!key.isSignature(wrong, of: text))
        }
    }

    @Test("with Ed25519 by a key of another length, or that is none, is refused")
    func badKeys() throws {
        #expect(Ed25519PublicKey([]) == nil)
        #expect(Ed25519PublicKey(filled(1, 31)) == nil)
        #expect(Ed25519PublicKey(filled(1, 33)) == nil)
        #expect(try !#require(Ed25519PublicKey(filled(0xff, 32))).isSignature(filled(0, 64), of: []))
    }
}
