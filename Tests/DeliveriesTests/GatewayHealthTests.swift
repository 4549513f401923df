import Clocks
import Deliveries
import Testing

@Suite("A gateway")
struct GatewayHealthTests {
    private let now = Instant(milliseconds: 100_000)

    private func down() -> GatewayHealth {
        var health = GatewayHealth()
        for _ in 0..<5 { _ = health.observe(.retry, code: "unreachable", at: now) }
        return health
    }

    @Test("is ok at first, and no trial is due")
    func fresh() {
        let health = GatewayHealth()
        #expect(health.state == .ok && health.downSince == nil)
        #expect(!health.isTrialDue(at: now))
    }

    @Test("is down after five attempts in a row that did not reach it")
    func goesDown() {
        var health = GatewayHealth()
        for count in Int64(1)...4 {
            #expect(health.observe(.retry, code: "unreachable", at: now) == false)
            #expect(health.state == .ok && health.unreachable == count)
        }
        #expect(health.observe(.retry, code: "unreachable", at: now) == true)
        #expect(health.state == .down && health.downSince == now)
    }

    @Test(
        "stays ok when one of the five reached it",
        arguments: [
            (Outcome.accepted, nil), (.refused, "550"), (.retry, "421"), (.retry, nil), (.throttled, nil),
        ] as [(Outcome, String?)]
    )
    func reached(outcome: Outcome, code: String?) {
        var health = GatewayHealth()
        for _ in 0..<4 { _ = health.observe(.retry, code: "unreachable", at: now) }
        #expect(health.observe(outcome, code: code, at: now) == false)
        #expect(health == GatewayHealth())
        for _ in 0..<4 { #expect(health.observe(.retry, code: "unreachable", at: now) == false) }
        #expect(health.state == .ok)
    }

    @Test("is judged by nothing that did not touch it", arguments: [Outcome.released, .unknown])
    func untouched(outcome: Outcome) {
        var health = GatewayHealth()
        for _ in 0..<4 { _ = health.observe(.retry, code: "unreachable", at: now) }
        #expect(health.observe(outcome, code: nil, at: now) == false)
        #expect(health.unreachable == 4)
        #expect(health.observe(.retry, code: "unreachable", at: now) == true)
        var down = down()
        #expect(down.observe(outcome, code: "unreachable", at: now + .seconds(60)) == false)
        #expect(down == self.down())
    }

    @Test("is tried 10 seconds after it went down, and every 10 seconds then")
    func trials() {
        var health = down()
        #expect(!health.isTrialDue(at: now + .milliseconds(9999)))
        #expect(health.isTrialDue(at: now + .seconds(10)))
        health.beginTrial(at: now + .seconds(12))
        #expect(!health.isTrialDue(at: now + .milliseconds(21_999)))
        #expect(health.isTrialDue(at: now + .seconds(22)))
    }

    @Test("stays down, since when it was, while trials do not reach it")
    func failedTrial() {
        var health = down()
        health.beginTrial(at: now + .seconds(10))
        #expect(health.observe(.retry, code: "unreachable", at: now + .seconds(11)) == false)
        #expect(health.state == .down && health.downSince == now)
        #expect(health.nextTrial == now + .seconds(20))
    }

    @Test(
        "is ok again with the first attempt that reaches it, whatever it answers",
        arguments: [Outcome.accepted, .refused, .retry, .throttled]
    )
    func recovers(outcome: Outcome) {
        var health = down()
        #expect(health.observe(outcome, code: "451", at: now + .seconds(11)) == true)
        #expect(health == GatewayHealth())
        #expect(!health.isTrialDue(at: now + .seconds(100)))
    }
}
