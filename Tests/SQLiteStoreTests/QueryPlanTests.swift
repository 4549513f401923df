import SQLite
import Testing

@testable import SQLiteStore

@Suite("The statements that run while work waits")
struct QueryPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let statement: StaticString
        let index: String
    }

    static let cases = [
        Case(testDescription: "what a claim takes", statement: WriterCore.due, index: "hot_ready"),
        Case(testDescription: "when the next is due", statement: WriterCore.nextDue, index: "hot_ready"),
        Case(testDescription: "what is due later", statement: WriterCore.dueLater, index: "hot_ready"),
        Case(testDescription: "the next lane", statement: Lanes.next, index: "hot_ready"),
        Case(testDescription: "what waits at a gateway", statement: WriterCore.waitingAtGateway, index: "hot_ready"),
        Case(testDescription: "leases that are over", statement: WriterCore.overLeases, index: "hot_lease"),
        Case(testDescription: "what of a lane is alive", statement: WriterCore.alive, index: "hot_live"),
        Case(testDescription: "the first deadline of a lane", statement: Lanes.firstEnd, index: "hot_live"),
        Case(testDescription: "deadlines that are past", statement: WriterCore.readyPastDeadline, index: "hot_live"),
        Case(
            testDescription: "deadlines of what is parked",
            statement: WriterCore.parkedPastDeadline,
            index: "hot_deadline"
        ),
        Case(testDescription: "the oldest deliveries", statement: WriterCore.oldest, index: "PRIMARY KEY"),
        Case(testDescription: "all of a challenge", statement: WriterCore.siblings, index: "delivery_challenge"),
        Case(testDescription: "whether it waits", statement: WriterCore.hasTimer, index: "timer_delivery"),
        Case(testDescription: "unsent to a person", statement: WriterCore.unsentToPerson, index: "delivery_person"),
        Case(testDescription: "deliveries to a person", statement: Connection.toPerson, index: "delivery_person"),
        Case(
            testDescription: "deliveries of a challenge",
            statement: Connection.ofChallenge,
            index: "delivery_challenge"
        ),
        Case(testDescription: "an event of a person", statement: WriterCore.eventOfPerson, index: "delivery_person"),
        Case(
            testDescription: "the events of a challenge",
            statement: WriterCore.eventsOfChallenge,
            index: "delivery_challenge"
        ),
        Case(testDescription: "what is parked", statement: WriterCore.parked, index: "hot_parked"),
        Case(testDescription: "what is parked for a reason", statement: WriterCore.parkedFor, index: "hot_parked_id"),
        Case(testDescription: "timers that are over", statement: WriterCore.overTimers, index: "PRIMARY KEY"),
        Case(testDescription: "timers that end later", statement: WriterCore.timersLater, index: "PRIMARY KEY"),
        Case(testDescription: "a course", statement: WriterCore.courses, index: "timer_delivery"),
        Case(testDescription: "questions for carriers", statement: WriterCore.offered, index: "timer_asking"),
        Case(testDescription: "a person's challenges", statement: PersonRow.newest, index: "PRIMARY KEY"),
        Case(testDescription: "unsent deliveries", statement: WriterCore.unsent, index: "delivery_challenge"),
        Case(testDescription: "unknown deliveries", statement: WriterCore.unknown, index: "delivery_challenge"),
        Case(testDescription: "what is to be erased", statement: WriterCore.erasure, index: "delivery_event"),
        Case(testDescription: "slots of the unsent", statement: WriterCore.unsentSlots, index: "PRIMARY KEY"),
        Case(testDescription: "an attempt by its id", statement: WriterCore.attemptByID, index: "attempt_id"),
        Case(
            testDescription: "an attempt by the gateway's name for it",
            statement: WriterCore.attemptByReference,
            index: "attempt_reference"
        ),
        Case(testDescription: "later deliveries", statement: WriterCore.obstacles, index: "delivery_challenge"),
        Case(testDescription: "refusals that are too old", statement: WriterCore.oldestRefusals, index: "PRIMARY KEY"),
        Case(
            testDescription: "a challenge's newest delivery",
            statement: WriterCore.latestOfChallenge,
            index: "delivery_challenge"
        ),
        Case(
            testDescription: "an event's newest delivery",
            statement: WriterCore.latestOfEvent,
            index: "delivery_event"
        ),
        Case(testDescription: "the gateway of a claim", statement: WriterCore.gatewayOfClaim, index: "PRIMARY KEY"),
    ]

    @Test("search their index, and neither scan nor sort", arguments: cases)
    func searches(example: Case) throws {
        let lab = try SQLiteLab()
        let plan = try withExtendedLifetime(lab) { try queryPlan(of: example.statement, in: lab.path) }
        #expect(plan.contains { $0.contains(example.index) }, "\(plan)")
        #expect(!plan.contains { $0.contains("SCAN") && !$0.contains("CONSTANT ROW") }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
}
