import AuthEvents
import Clocks
import Store
import TestSupport
import Testing

extension Scene {
    private func token(_ name: String, of tenant: TenantName? = nil) -> StoredToken {
        StoredToken(
            id: "tk_" + name,
            hash: Digest(of: name),
            scopes: ["events", "codes"],
            tenant: tenant,
            gateways: [],
            createdAt: time.now(),
            expiresAt: nil
        )
    }

    func keepsTokens() async throws {
        var bound = token("1", of: .default)
        (bound.gateways, bound.expiresAt) = (["sms-main"], time.now() + .seconds(60))
        var unbound = token("2")
        unbound.scopes = ["admin"]
        try await store.create(bound)
        try await store.create(unbound)
        await #expect(throws: StoreError.self) { try await store.create(bound) }
        try await lab.reopen()
        #expect(try await store.token(hash: bound.hash) == bound)
        #expect(try await store.token(hash: unbound.hash) == unbound)
        #expect(try await store.token(hash: Digest(of: "none")) == nil)
        time.pass(.seconds(61))
        #expect(try await store.token(hash: bound.hash) == bound)
    }

    func listsTokens() async throws {
        let acme = try #require(TenantName("acme"))
        #expect(try await store.tokens(TokenFilter()) == TokenPage(items: [], next: nil))
        // Several of one moment, so that a page ends between them.
        var made: [StoredToken] = []
        for (index, tenant) in [nil, acme, acme, nil, TenantName.default, acme, nil].enumerated() {
            made.append(token("\(index)", of: tenant))
            try await store.create(made[index])
            if index % 3 == 2 { time.pass(.milliseconds(1)) }
        }
        _ = try await store.revoke("tk_1", of: nil)
        made[1].revokedAt = time.now()
        time.pass(.seconds(1))
        try await lab.reopen()
        func pages(_ tenant: TenantName?, _ limit: Int) async throws -> [[StoredToken]] {
            var filter = TokenFilter(tenant: tenant, limit: limit)
            var pages: [[StoredToken]] = []
            repeat {
                let page = try await store.tokens(filter)
                pages.append(page.items)
                filter.after = page.next
            } while filter.after != nil
            return pages
        }
        for limit in 1...8 {
            let all = try await pages(nil, limit)
            #expect(all.flatMap(\.self) == made.reversed(), "\(limit) a page")
            #expect(all.dropLast().allSatisfy { $0.count == limit })
        }
        #expect(try await pages(acme, 2) == [[made[5], made[2]], [made[1]]])
        #expect(try await pages(TenantName("nobody"), 2) == [[]])
        // The place of a token that a tenant does not see is no place.
        #expect(try await store.tokens(TokenFilter(tenant: acme, after: made[6].id)).items.isEmpty)
        #expect(try await store.tokens(TokenFilter(after: "tk_never")).items.isEmpty)
    }

    func revokesTokens() async throws {
        let acme = try #require(TenantName("acme"))
        let bound = token("bound", of: acme)
        let unbound = token("unbound")
        for token in [bound, unbound] { try await store.create(token) }
        for id in [bound.id, unbound.id] { #expect(try await !store.revoke(id, of: .default)) }
        #expect(try await !store.revoke(unbound.id, of: acme))
        #expect(try await !store.revoke("tk_never", of: nil))
        #expect(try await store.token(hash: bound.hash) == bound)
        #expect(try await store.token(hash: unbound.hash) == unbound)
        let first = time.now()
        #expect(try await store.revoke(bound.id, of: acme))
        time.pass(.seconds(1))
        for tenant in [acme, nil] { #expect(try await store.revoke(bound.id, of: tenant)) }
        #expect(try await store.token(hash: bound.hash)?.revokedAt == first)
        try await lab.reopen()
        #expect(try await store.revoke(bound.id, of: nil))
        #expect(try await store.token(hash: bound.hash)?.revokedAt == first)
        #expect(try await store.token(hash: unbound.hash)?.revokedAt == nil)
    }

    func revokesOnceAtOnce() async throws {
        let token = token("one")
        try await store.create(token)
        let answers = try await withThrowingTaskGroup { group in
            for _ in 1...16 { group.addTask { try await store.revoke(token.id, of: nil) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: true, count: 16))
        #expect(try await store.token(hash: token.hash)?.revokedAt == time.now())
    }

    func keepsLastUses() async throws {
        let used = token("used")
        let unused = token("unused")
        for token in [used, unused] { try await store.create(token) }
        let latest = time.now() + .seconds(60)
        for use in [latest - .seconds(1), latest, latest - .seconds(30)] {
            try await store.keep(lastUses: [used.id: use, "tk_never": use])
        }
        try await store.keep(lastUses: [:])
        _ = try await store.revoke(used.id, of: nil)
        try await lab.reopen()
        #expect(try await store.token(hash: used.hash)?.lastUsedAt == latest)
        #expect(try await store.token(hash: unused.hash) == unused)
        #expect(try await store.tokens(TokenFilter()).items.map(\.lastUsedAt) == [latest, nil])
    }
}
