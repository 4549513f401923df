import AuthEvents
import Challenges
import Clocks
import SQLite
import Store

// Which of two deliveries of one challenge, or of one event, is the newer is told by their ids.
extension WriterCore {
    static let latestOfChallenge: StaticString =
        "SELECT max(id) FROM delivery INDEXED BY delivery_challenge WHERE challenge = ?"
    static let latestOfEvent: StaticString = "SELECT max(id) FROM delivery INDEXED BY delivery_event WHERE event = ?"

    /// The id that a leg's delivery gets: its own, unless one that it takes the place of has a greater one.
    ///
    /// That is so where the clock was set back in between, where both are of one millisecond, and where of two that were
    /// made at once the later one is committed first.
    mutating func newestID(
        for leg: Submission.Leg,
        _ challenge: Challenge?,
        of origin: Origin
    ) throws(SQLiteError) -> DeliveryID {
        guard let latest = try latest(before: leg, challenge, of: origin), latest >= leg.delivery else {
            return leg.delivery
        }
        return DeliveryID(at: latest.createdAt + .milliseconds(1), using: &generator)
    }

    private mutating func latest(
        before leg: Submission.Leg,
        _ challenge: Challenge?,
        of origin: Origin
    ) throws(SQLiteError) -> DeliveryID? {
        let isReplay = origin.replay != nil
        guard let challenge else {
            return isReplay ? try latest(WriterCore.latestOfEvent, origin.event.bytes) : nil
        }
        // What has just been opened has none before.
        let isOpened = !isReplay && challenge.id == leg.proof.challenge?.id
        return isOpened ? nil : try latest(WriterCore.latestOfChallenge, challenge.id.bytes)
    }

    private mutating func latest(_ statement: StaticString, _ id: [UInt8]) throws(SQLiteError) -> DeliveryID? {
        try connection.first(
            statement,
            .blob(id),
            read: { $0.optionalBlob(0).flatMap(DeliveryID.init(bytes:)) }
        )?.flatMap(\.self)
    }
}
