package import Clocks

/// What an ``Identifier`` names; the prefix stands before it wherever it is written.
package protocol Named {
    static var prefix: String { get }
}

package enum EventName: Named { package static let prefix = "ev" }
package enum ChallengeName: Named { package static let prefix = "ch" }
package enum DeliveryName: Named { package static let prefix = "dl" }
package enum AttemptName: Named { package static let prefix = "at" }
package enum SuppressionName: Named { package static let prefix = "sp" }
package enum ReplayName: Named { package static let prefix = "rp" }
package enum HoldName: Named { package static let prefix = "hd" }
package enum RefusalName: Named { package static let prefix = "ref" }

package typealias EventID = Identifier<EventName>
package typealias ChallengeID = Identifier<ChallengeName>
package typealias DeliveryID = Identifier<DeliveryName>
package typealias AttemptID = Identifier<AttemptName>
package typealias SuppressionID = Identifier<SuppressionName>
package typealias ReplayID = Identifier<ReplayName>
package typealias HoldID = Identifier<HoldName>
package typealias RefusalID = Identifier<RefusalName>

/// A UUID of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.
///
/// Ids that are made one after the other sort that way, so rows of one moment lie together; the random part keeps them
/// from being guessed. Written as the prefix, `_`, and 32 hexadecimal digits: `dl_0193…`.
package struct Identifier<Name: Named>: Sendable, Hashable, Comparable {
    package let high: UInt64
    package let low: UInt64

    package init(at instant: Instant, using generator: inout some RandomNumberGenerator) {
        let time = UInt64(bitPattern: instant.milliseconds) & 0xffff_ffff_ffff
        high = time << 16 | 0x7000 | generator.next() >> 52
        low = 0x8000_0000_0000_0000 | generator.next() >> 2
    }

    /// Takes 16 bytes as they are stored.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads the written form; the prefix may not be left out.
    package init?(_ text: String) {
        guard text.hasPrefix(Name.prefix + "_") else { return nil }
        let digits = text.utf8.dropFirst(Name.prefix.utf8.count + 1)
        guard digits.count == 32, digits.allSatisfy(\.isLowerHexDigit),
            let high = UInt64(String(decoding: digits.prefix(16), as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits.suffix(16), as: UTF8.self), radix: 16)
        else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// When it was made, to the millisecond.
    package var createdAt: Instant { Instant(milliseconds: Int64(high >> 16)) }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: high.bigEndian, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension Identifier: CustomStringConvertible {
    package var description: String {
        let prefix = Name.prefix.utf8
        return String(unsafeUninitializedCapacity: prefix.count + 33) { text in
            var end = text.initialize(fromContentsOf: prefix)
            text[end] = UInt8(ascii: "_")
            for half in [high, low] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    end += 1
                    text[end] = UInt8(truncatingIfNeeded: half >> shift & 0xf).lowerHexDigit
                }
            }
            return end + 1
        }
    }
}

extension UInt8 {
    fileprivate var isLowerHexDigit: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }

    /// Of a number below 16.
    fileprivate var lowerHexDigit: UInt8 { self < 10 ? 0x30 + self : 0x57 + self }
}
