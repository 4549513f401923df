package import AuthEvents

/// A step of the ledger that its entries before it do not allow.
package struct BookingFault: Error, Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        /// Something of the reservation is left, so there is no room for another.
        case reservedTwice
        /// The delivery has no open reservation.
        case notReserved
        /// More is committed than is reserved.
        case beyondReservation
        /// The attempt was committed before.
        case committedTwice
        /// A commitment that names no attempt.
        case noAttempt
        /// This amount is not committed to the attempt.
        case notCommitted
        /// What closes a reservation is not what is left of it.
        case otherAmount
        /// The reservation is in another currency.
        case otherCurrency
        /// The delivery belongs to another tenant, country or purpose.
        case otherSubject
    }

    package var writer: String
    package var sequence: Int64
    package var delivery: DeliveryID
    package var step: Step

    init(_ entry: LedgerEntry, _ step: Step) {
        (self.writer, self.sequence) = (entry.writer, entry.sequence)
        (self.delivery, self.step) = (entry.delivery, step)
    }
}

extension BookingFault: CustomStringConvertible {
    package var description: String {
        "Entry \(sequence) of writer `\(writer)` was not booked: \(reason). Look at all entries of \(delivery)."
    }

    private var reason: String {
        switch step {
        case .reservedTwice: "it reserves while something is still reserved"
        case .notReserved: "its delivery has no open reservation"
        case .beyondReservation: "it commits more than is reserved"
        case .committedTwice: "its attempt is committed already"
        case .noAttempt: "it commits to no attempt"
        case .notCommitted: "its amount is not what is committed to its attempt"
        case .otherAmount: "it closes the reservation with another amount than is left of it"
        case .otherCurrency: "the reservation is in another currency"
        case .otherSubject: "its delivery belongs to another tenant, country or purpose"
        }
    }
}
