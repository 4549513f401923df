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
}
