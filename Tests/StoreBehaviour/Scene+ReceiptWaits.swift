import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func tellsThatNoReceiptCame() async throws {
        try await openReporting()
        let silent = try await sendSMS()
        try await settle(silent, .accepted)
        let late = try await sendSMS("carol")
        #expect(try await receive(.accepted, of: late) == .applied)
        time.pass(.seconds(3600) - .milliseconds(1))
        try await sweep()
        #expect(try await state(of: silent) == "accepted")
        try await lab.reopen()
        time.pass(.milliseconds(1))
        try await sweep()
        for sent in [silent, late] { #expect(try await state(of: sent) == "accepted(no_receipt)") }
        #expect(try await receive(.delivered, of: silent) == .applied)
        #expect(try await state(of: silent) == "delivered")
        // Gateways that never report are not waited for.
        let mail = try await accept(Letter(to: "bobby"))
        try await settle(beginOne(at: Scene.mail), .accepted)
        time.pass(.seconds(7200))
        try await sweep()
        #expect(try await state(mail.id) == "accepted")
    }

    func keepsAFewReceipts() async throws {
        try await openReporting()
        let sent = try await sendSMS()
        try await settle(sent, .accepted)
        for code in 1...20 {
            let result = try await receive(.undelivered, of: sent, code: "\(code)")
            #expect(result == (code == 1 ? .applied : code <= 16 ? .recorded : .known))
        }
        #expect(try await receipts(of: sent).count == 16)
        #expect(try await state(of: sent) == "undelivered")
    }
}
