import AuthEvents
import Clocks
import Deliveries
import TestSupport
import Testing

@Suite("A hold")
struct HoldTests {
    private func hold(_ scope: Hold.Scope, _ value: String) -> Hold {
        var dice = SeededGenerator(seed: 1)
        let now = Instant(milliseconds: 1_795_255_800_000)
        return Hold(id: HoldID(at: now, using: &dice), scope: scope, value: value, reason: "", until: now)
    }

    @Test(
        "of a prefix covers the numbers that begin so",
        arguments: [
            ("+1242", "+12425550100", true), ("+1242", "+12465550100", false), ("+1", "+12425550100", true),
            ("+12425550100", "+12425550100", true), ("+124255501001", "+12425550100", false),
            ("+44", "+12425550144", false),
        ]
    )
    func prefix(value: String, number: String, covers: Bool) {
        #expect(hold(.prefix, value).covers(tenant: .default, country: "BS", number: number) == covers)
    }

    @Test("of a prefix or country covers no mail, and no number of which it is not known")
    func mail() {
        #expect(!hold(.prefix, "+1").covers(tenant: .default, country: nil, number: nil))
        #expect(!hold(.country, "BS").covers(tenant: .default, country: nil, number: nil))
        #expect(!hold(.country, "BS").covers(tenant: .default, country: "", number: "+88210123"))
    }

    @Test("of a country covers its numbers, of a tenant all that is its own")
    func countryAndTenant() throws {
        let acme = try #require(TenantName("acme"))
        #expect(hold(.country, "BS").covers(tenant: acme, country: "BS", number: "+12425550100"))
        #expect(!hold(.country, "BS").covers(tenant: acme, country: "BB", number: "+12465550100"))
        #expect(hold(.tenant, "acme").covers(tenant: acme, country: nil, number: nil))
        #expect(hold(.tenant, "acme").covers(tenant: acme, country: "BS", number: "+12425550100"))
        #expect(!hold(.tenant, "acme").covers(tenant: .default, country: nil, number: nil))
    }

    @Test("of a gateway covers nobody: what it was to take goes elsewhere")
    func gateway() {
        #expect(!hold(.gateway, "default").covers(tenant: .default, country: "BS", number: "+12425550100"))
    }
}
