import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func receiptsBill() async throws {
        try await openReporting([.cents(20)])
        let sent = try await sendSMS()
        #expect(try await receive(.accepted, of: sent, price: .cents(2)) == .applied)
        // What a carrier heard is a hint only.
        #expect(try await settle(sent, .accepted, price: .cents(9)) == .recorded)
        #expect(try await receive(.accepted, of: sent, price: .cents(2)) == .known)
        #expect(try await receive(.delivered, of: sent, price: .cents(2)) == .applied)
        let whole = ["reserved 0.01", "committed 1 0.01", "priced 1 0.02"]
        #expect(try await story(sent.token.delivery) == whole)
        #expect(try await receive(.delivered, of: sent, price: .cents(5)) == .recorded)
        // Old ones again bring no old bill back.
        for _ in 1...2 {
            #expect(try await receive(.delivered, of: sent, price: .cents(2)) == .known)
            #expect(try await receive(.accepted, of: sent, price: .cents(2)) == .known)
        }
        #expect(try await story(sent.token.delivery) == whole + ["priced 1 0.05"])
        #expect(try await report(sent.token.delivery).price == .cents(5))
        #expect(try await used() == 5)
    }

    func receiptsBillBySegment() async throws {
        try await openReporting([.cents(20)])
        try await accept(sms("bobby").with { $0.segments = 3 })
        let claimed = try await claimOne(at: Scene.sms)
        var quote = quote(.cents(3))
        quote.segments = 3
        #expect(try await store.begin([BeginItem(token: claimed.token, spend: .quote(quote))]) == [.go])
        try await settle(claimed, .accepted)
        let receipt = Receipt(state: .delivered, price: .cents(2), isPricePerSegment: true)
        #expect(try await store.receive(receipt, of: "sms-main", at: claimed.attempt) == .applied)
        #expect(try await store.receive(receipt, of: "sms-main", at: claimed.attempt) == .known)
        #expect(try await report(claimed.token.delivery).price == .cents(6))
        // What is more for the whole message than can be written is no bill.
        let most = Money(micros: Money.limit, currency: Money.cents(1).currency)
        let senseless = Receipt(state: .delivered, price: most, isPricePerSegment: true)
        #expect(try await store.receive(senseless, of: "sms-main", at: claimed.attempt) == .recorded)
        #expect(try await report(claimed.token.delivery).price == .cents(6))
    }
}
