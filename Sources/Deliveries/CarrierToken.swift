package import AuthEvents
private import Cryptography

/// What a carrier shows to begin and settle what it claimed: the life of the database, the delivery, and the fence.
///
/// The fence only grows, so a token of an earlier claim, and one of before a restore (another epoch), changes nothing.
package struct CarrierToken: Sendable, Hashable {
    package var epoch: [UInt8]
    package var delivery: DeliveryID
    package var fence: Int64

    package init(epoch: [UInt8], delivery: DeliveryID, fence: Int64) {
        (self.epoch, self.delivery, self.fence) = (epoch, delivery, fence)
    }
}

extension CarrierToken: CustomStringConvertible {
    /// Base64url of epoch (16 bytes), delivery (16 bytes) and fence (8 bytes, big endian).
    package var description: String {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: fence >> (56 - 8 * $0)) }
        return (epoch + delivery.bytes + number).base64URL
    }

    package init?(_ text: String) {
        guard let bytes = [UInt8](base64URL: text), bytes.count == 40,
            let delivery = DeliveryID(bytes: [UInt8](bytes[16..<32]))
        else { return nil }
        let fence = bytes[32...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        self.init(epoch: [UInt8](bytes[..<16]), delivery: delivery, fence: fence)
    }
}
