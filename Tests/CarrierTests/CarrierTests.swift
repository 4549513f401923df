import Carrier
import Clocks
import Deliveries
import TestSupport
import Testing

@Suite("A carrier", .timeLimit(.minutes(12)))
struct CarrierTests {
    @Test(
        "hands over nothing that the server does not let go",
        arguments: ["stale", "expired", "cancelled", "over_budget", "paused", "mismatch", "", "GO", "anything"]
    )
    func obeysBegin(answer: String) async throws {
        let office = StubPostOffice { tokens in tokens.map { $0 == "last" ? "go" : answer } }
        let counter = Counter(office: office, connections: 1)
        await counter.carrying {
            counter.office.put([counter.claim("first"), counter.claim("last")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.taken == ["last"])
        // The server knows already what became of the other.
        #expect(counter.office.outcomes.map(\.token) == ["last"])
    }

    @Test("gives back what it got no answer for, since the server may have let it go")
    func releasesUnanswered() async throws {
        let counter = Counter(office: StubPostOffice { _ in nil })
        await counter.carrying {
            counter.office.put(counter.claims(3))
            _ = await counter.office.outcomes(3)
        }
        #expect(counter.gateway.taken.isEmpty)
        #expect(counter.office.outcomes.allSatisfy { $0.handOver == HandOver(.released, code: "no_begin") })
    }

    @Test("takes an answer that is too short for no answer to the rest")
    func releasesMissing() async throws {
        let counter = Counter(office: StubPostOffice { _ in [] })
        await counter.carrying {
            counter.office.put([counter.claim("t1")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.taken.isEmpty)
        #expect(counter.office.outcome(of: "t1") == HandOver(.released, code: "no_begin"))
    }

    @Test("repeats an outcome until the server has it, and hands over once")
    func repeatsSettles() async throws {
        let counter = Counter(office: StubPostOffice(unansweredSettles: 4))
        await counter.carrying {
            counter.office.put([counter.claim("t1")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.office.settleCalls == 5)
        #expect(counter.office.outcomes.map(\.token) == ["t1"])
        #expect(counter.gateway.taken == ["t1"])
    }

    @Test("tells an outcome that the server does not take without the gateway's words, and holds up no other with it")
    func isolatesRefusedReports() async throws {
        let answer = HandOver(.refused, code: "550", detail: "odd")
        let office = StubPostOffice(refusedWithWords: ["t2"])
        let counter = Counter(office: office, gateway: RecordingGateway(answer: answer))
        await counter.carrying {
            counter.office.put(counter.claims(3))
            _ = await counter.office.outcomes(3)
        }
        #expect(counter.office.outcome(of: "t1") == answer)
        #expect(counter.office.outcome(of: "t2") == HandOver(.refused))
        #expect(counter.office.outcome(of: "t3") == answer)
    }

    @Test("leaves an outcome alone that the server never takes")
    func leavesWhatIsNeverTaken() async throws {
        let counter = Counter(office: StubPostOffice(refused: ["t1"]))
        await counter.carrying {
            counter.office.put(counter.claims(2))
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.office.outcomes.map(\.token) == ["t2"])
    }

    @Test("hands over at most as many at once as the gateway has connections, and claims no more than are free")
    func holdsConnections() async throws {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 3)
        await counter.carrying {
            counter.office.put(counter.claims(12))
            await counter.gateway.started(3)
            #expect(counter.office.begun.count == 3)
            counter.gateway.open()
            _ = await counter.office.outcomes(12)
        }
        #expect(counter.gateway.mostAtOnce == 3)
        #expect(Set(counter.gateway.taken).count == 12)
        #expect(counter.office.claimLimits.allSatisfy { $0 <= 3 })
    }

    @Test("keeps one of eight connections for what few of are in hand", arguments: [(8, 1), (20, 2)])
    func keepsConnections(connections: Int, kept: Int) async throws {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: connections)
        await counter.carrying {
            counter.office.put(counter.claims(30))
            await counter.gateway.started(connections - kept)
            #expect(counter.office.begun.count == connections - kept)
            let quiet = (1...kept).map { number in
                var claim = counter.claim("kept\(number)")
                claim.tenant = "quiet"
                return CarrierTask.send(claim)
            }
            counter.office.put(quiet, isQuiet: true)
            await counter.gateway.started(connections)
            counter.gateway.open()
            _ = await counter.office.outcomes(30 + kept)
        }
        #expect(counter.gateway.mostAtOnce == connections)
        #expect(counter.office.keptLimits.isSubset(of: (1...kept).map { [connections / 4, $0] }))
        // Nor do they wait for a thread behind the many.
        #expect(counter.office.claimPriorities == [true: .high, false: .low])
        for number in 1...kept {
            #expect(counter.office.beginPriorities["kept\(number)"] == .high)
            #expect(counter.office.settlePriorities["kept\(number)"] == .medium)
        }
        #expect(counter.office.beginPriorities.values.contains(.low))
        #expect(counter.office.settlePriorities.values.contains(.low))
    }

    @Test("lets the many go on in small parts while others have few in hand")
    func goesOnInParts() async throws {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 16, part: 3)
        await counter.carrying {
            counter.office.put(counter.claims(60))
            await counter.gateway.started(14)
            #expect(counter.office.beginSizes.max() ?? 0 > 3)
            let before = (counter.office.beginSizes.count, counter.office.claimLimits.count)
            var few = counter.claim("few")
            few.tenant = "quiet"
            counter.office.put([.send(few)], isQuiet: true)
            await counter.gateway.started(15)
            counter.gateway.open()
            _ = await counter.office.outcomes(61)
            // Among those that waited were the first four of the many, who had few in hand then, and the other's one.
            #expect(counter.office.settleBatches.allSatisfy { $0.count <= 5 })
            // Nor do the few wait for the report of the many.
            let priorities = counter.office.beginPriorities
            for batch in counter.office.settleBatches {
                #expect(Set(batch.map { priorities[$0] == .high }).count == 1, "\(batch)")
            }
            #expect(counter.office.beginSizes.dropFirst(before.0).allSatisfy { $0 <= 3 })
            // One claim may have been on its way.
            #expect(counter.office.claimLimits.dropFirst(before.1 + 1).allSatisfy { $0 <= 3 })
        }
        #expect(Set(counter.gateway.taken).count == 61)
    }

    @Test("lets the many go on in small parts while somebody has few in hand elsewhere, too")
    func heedsFewElsewhere() async throws {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 16, part: 3)
        await counter.carrying {
            counter.office.tellOfFewElsewhere()
            counter.office.put(counter.claims(1))
            await counter.gateway.started(1)
            let before = (counter.office.beginSizes.count, counter.office.claimLimits.count)
            counter.office.put(counter.claims(60))
            await counter.gateway.started(14)
            counter.gateway.open()
            _ = await counter.office.outcomes(61)
            #expect(counter.office.claimLimits.dropFirst(before.1 + 1).allSatisfy { $0 <= 3 })
            #expect(counter.office.settleBatches.allSatisfy { $0.count <= 4 })
        }
    }

    @Test("tells with its next claim that somebody has few in hand")
    func tellsOfFew() async throws {
        let counter = Counter(gateway: RecordingGateway(), connections: 16)
        await counter.carrying {
            for number in 1...2 {
                counter.office.put([counter.claim("t\(number)")])
                _ = await counter.office.outcomes(number)
            }
            #expect(counter.office.sayFew.prefix(2) == [false, true])
        }
    }

    @Test("that is asked to end gives back what it has not begun and settles what is under way")
    func drains() async throws {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 2)
        let work = counter.start()
        counter.office.put([counter.claim("underWay")])
        await counter.gateway.started(1)
        work.cancel()
        // This answer was on its way when the end was asked for.
        counter.office.put([counter.claim("unbegun")])
        _ = await counter.office.outcomes(1)
        #expect(counter.office.outcome(of: "unbegun") == HandOver(.released))
        counter.gateway.open()
        await work.value
        #expect(counter.office.outcome(of: "underWay") == HandOver(.accepted))
        #expect(counter.gateway.taken == ["underWay"])
        counter.office.close()
    }

    @Test("strikes the recipient out of the gateway's words before it reports them")
    func strikesOut() async throws {
        let words = HandOver(
            .refused,
            gatewayReference: "queued for ann.lee@example.com",
            code: "550",
            detail: "RCPT: no mailbox ann.lee here"
        )
        let counter = Counter(gateway: RecordingGateway(answer: words))
        await counter.carrying {
            counter.office.put([counter.claim("t1", to: "ann.lee@example.com")])
            _ = await counter.office.outcomes(1)
        }
        let report = try #require(counter.office.outcome(of: "t1"))
        #expect(report.detail == "RCPT: no mailbox *** here")
        #expect(report.gatewayReference == "queued for ***")
        #expect(report.code == "550")
    }
}
