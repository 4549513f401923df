import Foundation
import Testing

/// Who may come in each other's way, stepped through every order in which their steps can happen.
package enum Race: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case cancelAgainstSettle = "a cancel against a carrier, and against the sweep: cancelled, or under way, never both"
    case sweepAgainstSettle = "the end of a lease against a report: the first decides, and the other is recorded"
    case zombieAgainstSuccessor = "a carrier that comes back against its successor and the sweep: one attempt in hand"
    case verifyAgainstReplay = "a verification against a replay: nothing goes out once the code is used"
    case verifyAgainstCarrier = "a verification against a carrier: answered, or under way; and it verifies once"
    case receiptAgainstPolicy = "a receipt against a report and the policy for what nobody knows: what arrived stays so"
    case resendAgainstCarrier =
        "a resend against a carrier: the older is superseded, or under way, and never sent again"
    case stopAgainstBegin = "a hold, a pause and a suppression against a carrier: from their commit on nothing is begun"
    case budgetAgainstCancel = "the budget against carriers and a cancel: no more than there is, and all comes back"
    case replayAgainstCancel = "a replay against a cancel and another replay: one fresh delivery at the most"
    case replayAgainstReceipt = "a replay against a late receipt: what arrived is not sent again"
    case deadlineAgainstBegin = "the deadline against a carrier and a cancel: nothing is begun from it on"
    case deathOfTheServer = "the death of the server against everybody: nothing that was answered is lost"

    package var testDescription: String { rawValue }

    static let isLong = ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] != nil
    /// The most interleavings of one race where there is little time.
    private static let most = 2000

    /// Runs all of its heats; returns how many interleavings there were.
    @discardableResult
    package func check<Lab: StoreLab>(_ newLab: () throws -> Lab) async throws -> Int {
        var count = 0
        for heat in heats where Race.isLong || !heat.isLong {
            var runner = try await Runner(heat, in: newLab())
            count += try await runner.run()
        }
        #expect(Race.isLong || count <= Race.most)
        return count
    }

    var heats: [Heat] {
        switch self {
        case .cancelAgainstSettle: Heat.cancelAgainstSettle
        case .sweepAgainstSettle: Heat.sweepAgainstSettle
        case .zombieAgainstSuccessor: Heat.zombieAgainstSuccessor
        case .verifyAgainstReplay: Heat.verifyAgainstReplay
        case .verifyAgainstCarrier: Heat.verifyAgainstCarrier
        case .receiptAgainstPolicy: Heat.receiptAgainstPolicy
        case .resendAgainstCarrier: Heat.resendAgainstCarrier
        case .stopAgainstBegin: Heat.stopAgainstBegin
        case .budgetAgainstCancel: Heat.budgetAgainstCancel
        case .replayAgainstCancel: Heat.replayAgainstCancel
        case .replayAgainstReceipt: Heat.replayAgainstReceipt
        case .deadlineAgainstBegin: Heat.deadlineAgainstBegin
        case .deathOfTheServer: Heat.deathOfTheServer
        }
    }
}
