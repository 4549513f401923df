import Configuration
import Testing

@Suite("Settings of the store and of retention")
struct StoreSettingsTests {
    @Test("have defaults")
    func defaults() throws {
        let settings = try SettingsFile().settings("")
        #expect(settings.store.walLimit == 256 << 20)
        #expect(settings.store.reserve == 16 << 20)
        #expect(settings.retention.deliveries == .seconds(30 * 86_400))
        #expect(settings.retention.tokens == .seconds(30 * 86_400))
    }
}
