import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// Refused events, and for how long they are kept.
extension Scene {
    private func kept(_ count: Int, of tenant: TenantName = .default) -> [KeptRefusal] {
        var dice = SeededGenerator(seed: UInt64(stationery.next()))
        let ids = (0..<count).map { _ in RefusalID(at: time.now(), using: &dice) }.sorted()
        return ids.map { KeptRefusal(id: $0, tenant: tenant, story: "[\"\($0)\"]") }
    }

    func keepsRefusedEvents() async throws {
        let refusals = kept(3) + kept(1, of: Scene.acme)
        store.keep(refusals)
        for refusal in refusals {
            #expect(try await store.refusal(refusal.id, of: nil) == refusal)
            #expect(try await store.refusal(refusal.id, of: refusal.tenant) == refusal)
            let other = refusal.tenant == .default ? Scene.acme : .default
            #expect(try await store.refusal(refusal.id, of: other) == nil)
        }
        // In order, and then without any.
        try await lab.reopen()
        for refusal in refusals {
            #expect(try await store.refusal(refusal.id, of: refusal.tenant) == refusal)
            let other = refusal.tenant == .default ? Scene.acme : .default
            #expect(try await store.refusal(refusal.id, of: other) == nil)
        }
        let last = kept(1)
        store.keep(last)
        try await sweep()
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await store.refusal(last[0].id, of: nil) == last[0])
        #expect(try await store.refusal(kept(1)[0].id, of: nil) == nil)
    }

    func forgetsRefusedEvents() async throws {
        var settings = lab.settings
        settings.stories.refusalLife = .seconds(3600)
        settings.stories.refusals = 1000
        try await lab.reopen(with: settings)
        let old = kept(700)
        store.keep(old)
        try await sweep()
        time.pass(.seconds(3600) - .milliseconds(1))
        #expect(try await store.refusal(old[0].id, of: nil) == old[0])
        time.pass(.milliseconds(1))
        // Whether it was swept or not.
        #expect(try await store.refusal(old[0].id, of: nil) == nil)
        for _ in 1...2 { try await sweep() }
        #expect(try await lab.countOfRefusals() == 0)
        let first = kept(700)
        store.keep(first)
        try await sweep()
        time.pass(.milliseconds(1))
        let second = kept(600)
        store.keep(second)
        try await lab.reopen()
        #expect(try await lab.countOfRefusals() == 1000)
        #expect(try await store.refusal(first[299].id, of: nil) == nil)
        #expect(try await store.refusal(first[300].id, of: nil) == first[300])
        #expect(try await store.refusal(second[599].id, of: nil) == second[599])
    }
}
