import AuthEvents
import Clocks
import Cryptography
import Foundation
import HTTPServer
import Keys
import Store
import TestSupport
import Testing

@testable import API

@Suite("Who asks")
struct AccessTests {
    private let store = CountingTokenStore()
    private let uses = TokenUses()
    private let time = ManualTime()
    private let access: Access
    private let keys: Keyring

    init() throws {
        let folder = try TemporaryFolder()
        try createKeyFile(at: folder.file("keys.toml"))
        keys = try Keyring(path: folder.file("keys.toml"))
        access = Access(
            tokens: store,
            uses: uses,
            keys: keys,
            time: time,
            hosts: [],
            userID: 1000,
            carriers: [2000]
        )
    }

    private func request(_ authorization: String?) throws -> Request {
        let fields = authorization.map { [Headers.Field(name: "Authorization", value: $0)] } ?? []
        return Request(
            method: "GET",
            target: try #require(Target("/v1/status")),
            headers: Headers(fields),
            peer: Peer(address: .internet(host: "127.0.0.1", port: 1))
        )
    }

    /// Makes a token that is as `change` says.
    private func make(_ change: (inout StoredToken) -> Void = { _ in }) async throws -> BearerToken {
        let token = BearerToken.random()
        var stored = StoredToken(
            id: "tk_1",
            hash: keys.digest(of: token),
            scopes: ["events", "carry"],
            tenant: nil,
            gateways: ["mail-main"],
            createdAt: time.now(),
            expiresAt: nil
        )
        change(&stored)
        try await store.create(stored)
        return token
    }

    private func refusal(of authorization: String?) async throws -> Problem? {
        let request = try request(authorization)
        do throws(Problem) {
            _ = try await access.principal(of: request)
            return nil
        } catch let problem {
            return problem
        }
    }

    static let letters = String(repeating: "A", count: 43)
    static let malformed = [
        "", "Bearer", "Bearer ", "Bearer gp_", "Bearer gp_nonsense", "Bearer \(letters)", "Basic gp_\(letters)",
        "Bearer gp_\(letters)A", "Bearer gp_\(letters.dropLast())", "Bearer  gp_\(letters)", "Bearer gp_\(letters) ",
        "Bearer GP_\(letters)", "Bearer gp_\(letters.dropLast())=", "Bearer gp_\(letters.dropLast())+",
        "Bearer gp_\(letters.dropLast())B", "Bearer gp_\(String(letters.dropLast(2)))é",
        "Bearer gp_" + String(repeating: "A", count: 10_000), "gp_\(letters)",
    ]

    @Test("a token that is not written as ours are is refused without asking the store", arguments: malformed)
    func refusesUnasked(authorization: String) async throws {
        #expect(try await refusal(of: authorization)?.name == .unauthenticated)
        #expect(store.lookups == 0)
    }

    @Test("a token that was made is let in, however the scheme is written, by one lookup for all")
    func letsIn() async throws {
        let token = try await make()
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let principal = try await access.principal(of: request("\(scheme) \(token.text)"))
            #expect(principal.scopes == [.events, .carry])
            #expect(principal.gateways == ["mail-main"])
            #expect((principal.tenant, principal.token) == (nil, "tk_1"))
            #expect(store.lookups == 1)
        }
    }

    @Test("an unknown, an expired and a revoked token are refused alike")
    func refusesAlike() async throws {
        let expired = try await make { $0.expiresAt = time.now() + .seconds(1) }
        let revoked = try await make { $0.revokedAt = time.now() }
        #expect(try await refusal(of: "Bearer \(expired.text)") == nil)
        time.pass(.seconds(1))
        let answers = try await [expired, revoked, BearerToken.random()].asyncMap { token in
            try await refusal(of: "Bearer \(token.text)")
        }
        #expect(answers[0]?.name == .unauthenticated)
        #expect(answers[0] == answers[1])
        #expect(answers[0] == answers[2])
        #expect(uses.unwritten.count == 1, "what is refused is no use")
    }

    @Test("a token that is bound to a tenant has no scope that is for all tenants, whatever is stored")
    func boundCarriesNothing() async throws {
        let token = try await make { $0.tenant = .default }
        #expect(try await access.principal(of: request("Bearer \(token.text)")).scopes == [.events])
    }

    @Test("a carrier's token without gateways carries for none")
    func carriesForNone() async throws {
        let token = try await make { $0.gateways = [] }
        #expect(try await access.principal(of: request("Bearer \(token.text)")).gateways == [])
    }

    @Test(
        "on the socket root and the server's user may do all, a named user may carry, another nothing",
        arguments: [
            (0, Scope.allCases), (1000, Scope.allCases), (2000, [.carry]), (3000, []),
        ] as [(UInt32, [Scope])]
    )
    func socket(user: UInt32, scopes: [Scope]) async throws {
        let request = Request(
            method: "GET",
            target: try #require(Target("/v1/status")),
            peer: Peer(address: .local(userID: user, groupID: user, processID: 1))
        )
        do throws(Problem) {
            let principal = try await access.principal(of: request)
            #expect(principal.scopes == Set(scopes))
            #expect((principal.gateways, principal.tenant) == (nil, nil))
        } catch {
            #expect(scopes.isEmpty)
            #expect(error.name == .unauthenticated)
        }
    }

    @Test("a user of the socket who sends a token has what the token has, and nothing else")
    func tokenOnTheSocket() async throws {
        let token = try await make()
        var scopes: Set<Scope> = []
        let request = Request(
            method: "GET",
            target: try #require(Target("/v1/status")),
            headers: Headers([Headers.Field(name: "Authorization", value: "Bearer \(token.text)")]),
            peer: Peer(address: .local(userID: 0, groupID: 0, processID: 1))
        )
        scopes = try await access.principal(of: request).scopes
        #expect(scopes == [.events, .carry])
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
