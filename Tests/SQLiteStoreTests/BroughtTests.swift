import AuthEvents
import Clocks
import Deliveries
import Foundation
import SQLite
import Store
import TestSupport
import Testing

@testable import SQLiteStore
@testable import StoreBehaviour

@Suite("What the application brought")
struct BroughtTests {
    /// A way in which one delivery, to a person, comes to its end.
    struct End: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether it ends this delivery only.
        var isSingle = true
        let reach: @Sendable (Scene, String, AcceptedEvent.Delivery) async throws -> Void
    }

    private static let brought = "brought by the application"

    private static func letter() -> Letter {
        // A notice, so that a lost one is given up.
        Letter(to: "bobby", .notice).with { letter in
            letter.legs.append(Letter.Leg(person: "carol", channel: .email))
            letter.brought = brought
        }
    }

    static let ends = [
        End(testDescription: "accepted") { scene, _, delivery in
            try await scene.settle(begun(delivery.id, in: scene), .accepted)
        },
        End(testDescription: "refused") { scene, _, delivery in
            try await scene.settle(begun(delivery.id, in: scene), .refused)
        },
        End(testDescription: "refused by the server") { scene, _, delivery in
            try await scene.store.refuse(claimed(delivery.id, in: scene).token)
        },
        End(testDescription: "superseded") { scene, person, _ in try await scene.accept(Letter(to: person, .notice)) },
        End(testDescription: "answered") { scene, _, delivery in
            _ = try await scene.verify(delivery.challengeID, "1")
        },
        End(testDescription: "answered while unknown") { scene, _, delivery in
            try await lose(delivery.id, in: scene)
            #expect(try await scene.verify(delivery.challengeID, "1").name == "verified")
        },
        End(testDescription: "cancelled") { scene, _, delivery in
            for _ in 1...5 { _ = try await scene.verify(delivery.challengeID, "wrong") }
        },
        End(testDescription: "gave_up") { scene, _, delivery in
            try await lose(delivery.id, in: scene)
            scene.time.pass(.seconds(35))
            try await scene.sweep()
        },
        End(testDescription: "accepted late") { scene, _, delivery in
            let lost = try await lose(delivery.id, in: scene)
            #expect(try await scene.settle(lost, .accepted) == .applied)
        },
        End(testDescription: "expired", isSingle: false) { scene, _, _ in
            scene.time.pass(.seconds(86_400))
            try await scene.sweep()
        },
    ]

    private static func claimed(_ id: DeliveryID, in scene: Scene) async throws -> ClaimedDelivery {
        let all = try await scene.claim()
        try await scene.store.free(all.filter { $0.token.delivery != id }.map(\.token))
        return try #require(all.first { $0.token.delivery == id })
    }

    private static func begun(_ id: DeliveryID, in scene: Scene) async throws -> ClaimedDelivery {
        let claimed = try await claimed(id, in: scene)
        try #require(try await scene.begin(claimed) == .go)
        return claimed
    }

    /// Leaves it unknown, which keeps what was brought.
    @discardableResult
    private static func lose(_ id: DeliveryID, in scene: Scene) async throws -> ClaimedDelivery {
        let lost = try await begun(id, in: scene)
        try await scene.settle(lost, .unknown)
        #expect(try await scene.state(id) == "unknown")
        #expect(try kept(scene))
        return lost
    }

    private static func kept(_ scene: Scene) throws -> Bool {
        let lab = try #require(scene.lab as? SQLiteLab)
        var connection = try Connection(path: lab.path, access: .readOnly)
        let rows = try connection.all(
            "SELECT brought FROM event WHERE name = 'event-1'",
            read: { $0.optionalBlob(0) }
        )
        #expect(rows.count == 1)
        return rows == [Array(brought.utf8)]
    }

    @Test("is erased when the event's last delivery has ended, and not before", arguments: ends)
    func isErased(end: End) async throws {
        for isFirst in end.isSingle ? [false, true] : [false] {
            let scene = Scene(lab: try SQLiteLab())
            let deliveries = try await scene.acceptEvent(BroughtTests.letter()).deliveries
            let accepted = try #require(BroughtTests.ends.first)
            let ways = isFirst ? [end, accepted] : [accepted, end]
            for (delivery, way) in zip(deliveries, ways) {
                #expect(try BroughtTests.kept(scene))
                try await way.reach(scene, scene.person(of: delivery), delivery)
                let state = try await scene.report(delivery.id).state
                #expect(![.ready, .unknown].contains(state))
            }
            #expect(try !BroughtTests.kept(scene))
            try await scene.lab.audit()
        }
    }

    @Test("is kept while an outcome is unknown, though all else has ended")
    func isKeptWhileUnknown() async throws {
        let scene = Scene(lab: try SQLiteLab())
        let deliveries = try await scene.acceptEvent(BroughtTests.letter()).deliveries
        let lost = try await BroughtTests.lose(deliveries[0].id, in: scene)
        try await scene.settle(BroughtTests.begun(deliveries[1].id, in: scene), .accepted)
        #expect(try BroughtTests.kept(scene))
        #expect(try await scene.settle(lost, .refused) == .applied)
        #expect(try !BroughtTests.kept(scene))
        try await scene.lab.audit()
    }

    @Test("leaves no trace in the files once it is erased")
    func leavesNoTrace() async throws {
        let lab = try SQLiteLab()
        let scene = Scene(lab: lab)
        let deliveries = try await scene.acceptEvent(BroughtTests.letter()).deliveries
        try await lab.reopen()
        let bytes = Data(BroughtTests.brought.utf8)
        #expect(try #require(FileManager.default.contents(atPath: lab.path)).firstRange(of: bytes) != nil)
        for delivery in deliveries {
            try await scene.settle(BroughtTests.begun(delivery.id, in: scene), .accepted)
        }
        await lab.post.close()
        #expect(try #require(FileManager.default.contents(atPath: lab.path)).firstRange(of: bytes) == nil)
    }
}

extension Scene {
    /// Which of the two persons of the letter it goes to.
    fileprivate func person(of delivery: AcceptedEvent.Delivery) async throws -> String {
        let lab = try #require(lab as? SQLiteLab)
        var connection = try Connection(path: lab.path, access: .readOnly)
        let person = try connection.first(
            "SELECT challenge.person FROM challenge JOIN delivery ON delivery.challenge = challenge.id WHERE delivery.id = ?",
            .blob(delivery.id.bytes),
            read: { $0.blob(0) }
        )
        return person == Stationery.person("bobby").bytes ? "bobby" : "carol"
    }
}
