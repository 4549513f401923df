import AuthEvents
import Clocks
import Testing

@testable import API

@Suite("The registry of carriers")
struct CarrierRegistryTests {
    private let start = BootInstant(milliseconds: 1_000_000)

    @Test("has a carrier there for a minute after it asked for work, and forgets it after ten")
    func presence() {
        let registry = CarrierRegistry()
        registry.note("email-worker", channel: .email, at: start)
        #expect(registry.present(.email, at: start + .seconds(59)) == 1)
        #expect(registry.present(.sms, at: start) == 0)
        #expect(registry.present(.email, at: start + .seconds(60)) == 0)
        #expect(registry.seen(at: start + .seconds(599)).map(\.name) == ["email-worker"])
        #expect(registry.seen(at: start + .seconds(600)).isEmpty)
    }

    @Test("keeps no more than who asked within eleven minutes, though nobody looks")
    func forgets() {
        let registry = CarrierRegistry()
        for number in 0..<3600 {
            registry.note("email-worker-\(number)", channel: .email, at: start + .seconds(number))
        }
        #expect(registry.count <= 660)
        #expect(registry.seen(at: start + .seconds(3599)).count == 600)
    }

    @Test("tells all but who said it that somebody has few in hand, for ten seconds")
    func few() {
        let registry = CarrierRegistry()
        let texts = CarrierRegistry.Place(carrier: "sms-worker", gateways: ["sms-main"])
        let mails = CarrierRegistry.Place(carrier: "email-worker", gateways: ["mail-main"])
        let others = CarrierRegistry.Place(carrier: "sms-worker", gateways: ["sms-spare"])
        #expect(!registry.haveOthersFew(than: mails, at: start))
        registry.noteFew(at: texts, at: start)
        #expect(registry.haveOthersFew(than: mails, at: start))
        #expect(registry.haveOthersFew(than: others, at: start))
        #expect(!registry.haveOthersFew(than: texts, at: start))
        registry.noteFew(at: texts, at: start + .seconds(5))
        #expect(registry.haveOthersFew(than: mails, at: start + .milliseconds(14_999)))
        #expect(!registry.haveOthersFew(than: mails, at: start + .seconds(15)))
    }
}
