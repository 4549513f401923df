package import AuthEvents
package import Cryptography

/// A one-time code.
///
/// It is derived when it is needed and stored nowhere.
package struct Code: Sendable, Equatable {
    /// The digits, for the message and for nothing else.
    package let digits: String

    package init(digits: String) {
        self.digits = digits
    }

    /// Compares in a time that depends on the lengths alone.
    ///
    /// The only comparison of codes in the product.
    package func matches(_ given: String) -> Bool {
        constantTimeEqual([UInt8](digits.utf8), [UInt8](given.utf8))
    }
}

extension Code: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "Code(hidden)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a code is derived from, apart from the key.
package struct CodeOrigin: Sendable, Equatable {
    /// 128 random bits of this life of the database: codes from before a restore no longer match.
    package var epoch: [UInt8]
    package var challenge: ChallengeID
    /// 1 for the first code of the challenge.
    package var number: Int64
    package var purpose: Purpose
    /// The compared form of the address.
    package var address: String

    package init(epoch: [UInt8], challenge: ChallengeID, number: Int64, purpose: Purpose, address: String) {
        (self.epoch, self.challenge, self.number) = (epoch, challenge, number)
        (self.purpose, self.address) = (purpose, address)
    }

    /// Derives the code: HMAC-SHA-256 over the parts, each with its length, then decimal digits without modulo bias.
    ///
    /// The output has four 64-bit words. A word below the largest multiple of 10^digits is taken modulo 10^digits, a word
    /// above it is passed over; where all four are (once in 10^33 for six digits), a round number joins the input.
    package func code(digits: Int, key: SecretKey) -> Code {
        let modulus = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
        let limit = UInt64.max - (UInt64.max % modulus + 1) % modulus
        for round in UInt8.min...UInt8.max {
            var parts: [[UInt8]] = [
                epoch, challenge.bytes, [UInt8](String(number).utf8), [UInt8](purpose.name.utf8), [UInt8](address.utf8),
            ]
            if round > 0 { parts.append([round]) }
            let output = hmacSHA256(key: key, framed: parts)
            for start in stride(from: 0, to: 32, by: 8) {
                let word = output[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                guard word <= limit else { continue }
                let text = String(word % modulus)
                return Code(digits: String(repeating: "0", count: digits - text.count) + text)
            }
        }
        preconditionFailure("256 keyed hashes in a row cannot all lie in the last 10^10 of 2^64 values")
    }
}
