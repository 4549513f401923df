import Clocks
import Store
import TestSupport
import Testing

@testable import API

@Suite("What is known of a token")
struct KnownTokensTests {
    private let known = KnownTokens()
    private let store = CountingTokenStore()
    private let time = ManualTime()

    private func made(_ number: Int = 1) async throws -> StoredToken {
        let token = StoredToken(
            id: "tk_\(number)",
            hash: Digest(of: "token \(number)"),
            scopes: ["events"],
            tenant: nil,
            gateways: [],
            createdAt: time.now(),
            expiresAt: nil
        )
        try await store.create(token)
        return token
    }

    private func find(_ hash: Digest) async throws -> StoredToken? {
        try await known.token(hash: hash) { () throws(StoreError) in try await store.token(hash: hash) }
    }

    @Test("is asked of the store once, and again after any was changed")
    func once() async throws {
        let token = try await made()
        for _ in 1...3 { #expect(try await find(token.hash) == token) }
        #expect(store.lookups == 1)
        known.forget()
        for _ in 1...3 { #expect(try await find(token.hash) == token) }
        #expect(store.lookups == 2)
    }

    @Test("is not kept where a token was changed while the store was asked")
    func overtaken() async throws {
        let token = try await made()
        let early = try await known.token(hash: token.hash) { () throws(StoreError) in
            let found = try await store.token(hash: token.hash)
            known.forget()
            return found
        }
        #expect(early == token)
        #expect(try await find(token.hash) == token)
        #expect(store.lookups == 2)
    }

    @Test("that there is none is asked each time, and is not true for good")
    func unknown() async throws {
        let hash = Digest(of: "token 1")
        for _ in 1...3 { #expect(try await find(hash) == nil) }
        #expect(store.lookups == 3)
        let token = try await made()
        #expect(try await find(hash) == token)
    }

    @Test("of thousands is right for each")
    func many() async throws {
        var tokens: [StoredToken] = []
        for number in 1...3000 { tokens.append(try await made(number)) }
        for token in tokens + tokens.reversed() { #expect(try await find(token.hash) == token) }
    }
}
