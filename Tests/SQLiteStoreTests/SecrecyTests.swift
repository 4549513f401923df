import AuthEvents
import Challenges
import Cryptography
import Deliveries
import Foundation
import Limits
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The files of the database")
struct SecrecyTests {
    @Test("hold no address, no name and no code")
    func holdNothingReadable() async throws {
        let lab = try SQLiteLab()
        let planted = ["bobby.tables@example.com", "Roberta Tabellini", "example.com"]
        let sealer = Sealer(key: SecretKey.random(count: 32))
        var submission = Stationery().submission(
            Letter(to: planted[0]).with { letter in
                letter.subject = planted[1]
                letter.digits = 10
            },
            at: lab.time.now()
        )
        let plaintext = Array(planted.joined(separator: "|").utf8)
        submission.sealed.bytes = sealer.seal(plaintext, associatedData: Array("event".utf8))
        _ = try await lab.store.accept(submission)
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 1)
        let claimed = try #require(try await lab.store.claim(request).first)
        #expect(try await lab.store.begin([BeginItem(token: claimed.token)]) == [.go])
        _ = try await lab.store.settle([Settlement(token: claimed.token, outcome: .retry, code: "451")])
        #expect(try sealer.open(claimed.sealed.bytes, associatedData: Array("event".utf8)) == plaintext)

        let place = try #require(claimed.code)
        let origin = CodeOrigin(
            epoch: lab.store.epoch,
            challenge: place.challenge,
            number: place.number,
            purpose: claimed.purpose,
            address: planted[0]
        )
        let code = origin.code(digits: place.digits, key: SecretKey.random(count: 32))
        let attempt = VerificationAttempt(
            target: .challenge(place.challenge, of: nil),
            session: nil,
            idempotencyKey: nil,
            content: Digest(of: code.digits),
            personTries: .init(count: 15, period: .seconds(3600)),
            challengeTries: { _ in 5 }
        )
        let verified = try await lab.store.verify(attempt) { stored, now in
            stored[0].challenge.verdict(at: now, session: nil) { _ in code.matches(code.digits) }
        }
        guard case .verified = verified else {
            Issue.record("the code was not verified: \(verified)")
            return
        }

        for file in ["post.db", "post.db-wal", "post.db-shm", "keys.state"] {
            let bytes = try #require(FileManager.default.contents(atPath: lab.file(file)), "\(file)")
            for secret in planted + [code.digits] {
                #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "\(file) holds what it must not")
            }
        }
        let wal = try #require(FileManager.default.contents(atPath: lab.file("post.db-wal")))
        #expect(wal.firstRange(of: Data("event-1".utf8)) != nil, "what is searched is where the rows are")
        await lab.post.close()
        let bytes = try #require(FileManager.default.contents(atPath: lab.path))
        for secret in planted + [code.digits] { #expect(bytes.firstRange(of: Data(secret.utf8)) == nil) }
        #expect(bytes.firstRange(of: Data("event-1".utf8)) != nil)
    }
}
