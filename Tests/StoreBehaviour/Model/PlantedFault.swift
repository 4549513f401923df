/// Something that a store does wrong on purpose, so that it shows whether walks find it.
package enum PlantedFault: String, Sendable, CaseIterable, CustomStringConvertible {
    case losesSlots = "the slot of what was cancelled is not given back"
    case believesTheStale = "a stale report is answered as applied"
    case forgetsOutcomes = "an outcome that comes with a begin is answered as applied, and is not"
    case hidesDeliveries = "what was delivered is shown as accepted"
    case chargesTwice = "a wrong code costs two tries"
    case commitsLess = "an attempt commits less than it costs"
    case beginsMismatches = "what the carrier priced otherwise is begun all the same"
    case buriesEarly = "what two carriers died with is buried"
    case forgetsPauses = "a pause is not kept"
    case sweepsNothing = "leases that are over stay"
    case keepsNothing = "a claim of what few of are in hand gets anything"
    case keepsSuppressed = "what is suppressed is accepted all the same"
    case restoresNothing = "a restore leaves all as it was"

    package var description: String { rawValue }
}
