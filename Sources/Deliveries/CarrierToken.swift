package import AuthEvents
private import Cryptography
package import Spend

/// What a carrier shows to begin and settle what it claimed: the life of the database, the delivery, and the fence.
///
/// The fence only grows, so a token of an earlier claim, and one of before a restore (another epoch), changes nothing.
package struct CarrierToken: Sendable, Hashable {
    package var epoch: [UInt8]
    package var delivery: DeliveryID
    package var fence: Int64
    /// What the server counted and priced for the text of this claim; it travels with the claim, so that a begin can be
    /// judged by any server, and is signed.
    package var quote: SignedQuote?

    package init(epoch: [UInt8], delivery: DeliveryID, fence: Int64, quote: SignedQuote? = nil) {
        (self.epoch, self.delivery, self.fence, self.quote) = (epoch, delivery, fence, quote)
    }
}

/// What an attempt costs: counted from the text and priced for the gateway.
package struct AttemptQuote: Sendable, Hashable {
    package var segments: Int64
    package var encoding: SMSEncoding
    package var amount: Money
    package var priceVersion: String

    package init(segments: Int64, encoding: SMSEncoding, amount: Money, priceVersion: String) {
        (self.segments, self.encoding, self.amount) = (segments, encoding, amount)
        self.priceVersion = priceVersion
    }

    /// Whether a carrier's own count and price are the same.
    package func agrees(segments: Int64, encoding: SMSEncoding, amount: Money) -> Bool {
        (self.segments, self.encoding, self.amount) == (segments, encoding, amount)
    }

    /// Segments (8 bytes, big endian), encoding (1), micros (8), currency (3), then the price version.
    package var bytes: [UInt8] {
        segments.bigEndianBytes + [UInt8(truncatingIfNeeded: encoding.rawValue)] + amount.micros.bigEndianBytes
            + [UInt8](amount.currency.description.utf8) + [UInt8](priceVersion.utf8)
    }

    init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 20, let encoding = SMSEncoding(rawValue: Int64(bytes[8])),
            let currency = Currency(String(decoding: bytes[17..<20], as: UTF8.self))
        else { return nil }
        self.init(
            segments: Int64(bigEndian: bytes[..<8]),
            encoding: encoding,
            amount: Money(micros: Int64(bigEndian: bytes[9..<17]), currency: currency),
            priceVersion: String(decoding: bytes[20...], as: UTF8.self)
        )
    }
}

/// A quote and the keyed hash of it and of its token: a carrier cannot make one.
package struct SignedQuote: Sendable, Hashable {
    package var quote: AttemptQuote
    /// 16 bytes.
    package var signature: [UInt8]

    package init(quote: AttemptQuote, signature: [UInt8]) {
        precondition(signature.count == 16, "a signature has 16 bytes")
        (self.quote, self.signature) = (quote, signature)
    }
}

extension CarrierToken: CustomStringConvertible {
    /// Epoch (16 bytes), delivery (16 bytes) and fence (8 bytes, big endian).
    package var claimBytes: [UInt8] { epoch + delivery.bytes + fence.bigEndianBytes }

    /// Base64url of the claim, and of signature and quote where there is one.
    package var description: String {
        (claimBytes + (quote.map { $0.signature + $0.quote.bytes } ?? [])).base64URL
    }

    package init?(_ text: String) {
        guard let bytes = [UInt8](base64URL: text), bytes.count == 40 || bytes.count > 56,
            let delivery = DeliveryID(bytes: [UInt8](bytes[16..<32]))
        else { return nil }
        var signed: SignedQuote?
        if bytes.count > 40 {
            guard let quote = AttemptQuote(bytes: bytes[56...]) else { return nil }
            signed = SignedQuote(quote: quote, signature: [UInt8](bytes[40..<56]))
        }
        let fence = Int64(bigEndian: bytes[32..<40])
        self.init(epoch: [UInt8](bytes[..<16]), delivery: delivery, fence: fence, quote: signed)
    }
}

extension Int64 {
    fileprivate var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) } }

    fileprivate init(bigEndian bytes: some Collection<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}
