import Foundation
import Glibc
import JSON
import SMTPSink
import Synchronization
import Testing

/// Ten hours at the most.
private let minutes = min(Int(ProcessInfo.processInfo.environment["GATEPOST_SOAK_MINUTES"] ?? "") ?? 0, 600)

/// Hours of mixed abuse, on demand: `make soak MINUTES=60`.
@Suite(
    "An installation under abuse",
    .enabled(if: minutes > 0, "it runs for GATEPOST_SOAK_MINUTES; `make soak` sets them"),
    .timeLimit(.minutes(660))
)
struct SoakTests {
    /// Until then caches fill; what grows afterwards would grow for ever.
    private static let warmUp = 10
    /// So many minutes in which it never held less are growth; what a flood takes for longer than one is given back.
    private static let lasting = 5
    /// In kilobytes, of each program.
    private static let allowance = 5 * 1024

    private static let themes: [ProbeTheme] = [
        .bytes, .modes, .envelopes, .times, .members, .addresses, .numbers, .texts, .links, .codes, .batches, .requests,
        .verification, .queries, .paths, .methods, .framing, .access, .slowness,
    ]

    /// How often each thing must happen in a minute at the least, however slow the machine is; otherwise its hour says nothing.
    private static let least: [Deed: Int] = [
        .mailAccepted: 200, .textAccepted: 100, .mailTaken: 100, .textTaken: 50, .wrongCode: 50, .rubbish: 50,
        .neverBegun: 10, .slowConnection: 50,
    ]

    private enum Deed: String, CaseIterable {
        case mailAccepted = "mails accepted"
        case textAccepted = "texts accepted"
        case mailTaken = "mails taken"
        case textTaken = "texts asked for at the gateway"
        case wrongCode = "wrong codes"
        case rubbish = "pieces of rubbish"
        case neverBegun = "claims never begun"
        case slowConnection = "slow connections"
        case replay = "replays"
    }

    /// What was done so far.
    private final class Tally: Sendable {
        private let counts = Mutex<[Deed: Int]>([:])
        private let over = Latch()

        var isOver: Bool { over.isOpen }
        var text: String {
            let now = counts.withLock { $0 }
            return Deed.allCases.map { "\(now[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        }

        func end() { over.open() }

        /// Returns how often that was done with this.
        @discardableResult
        func add(_ deed: Deed, _ count: Int = 1) -> Int {
            counts.withLock { counts in
                counts[deed, default: 0] += count
                return counts[deed] ?? 0
            }
        }

        func count(_ deed: Deed) -> Int { counts.withLock { $0[deed] ?? 0 } }
    }

    /// A mail server that puts some mails off, refuses some, and takes some without a word.
    private static let mailScript = SinkScript(rules: [
        SinkRule(.recipient, .reply("450 4.2.0 Later"), when: .recipient("20@")),
        SinkRule(.recipient, .reply("550 5.1.1 Nobody"), when: .recipient("50@")),
        SinkRule(.endOfData, .close, when: .recipient("80@")),
    ])

    /// A gateway for text messages that does the like.
    private func textGateway(_ tally: Tally) throws -> StreamListener {
        try StreamListener { stream in
            while stream.next() != nil {
                let answer: HTTPMessage
                switch tally.add(.textTaken) % 100 {
                case 20: answer = .answer(503, "{}")
                case 50: answer = .answer(400, "{}")
                case 80: return
                default: answer = .answer(201, #"{"sid":"SM-a"}"#)
                }
                guard stream.send(answer) else { return }
            }
        }
    }

    @Test("holds no more memory after an hour than after ten minutes, but for 5 MB")
    func memory() async throws {
        let tally = Tally()
        let mails = try SMTPSink(script: SoakTests.mailScript, keeping: 0)
        let texts = try textGateway(tally)
        defer { texts.stop() }
        var terms = TextSettings()
        (terms.hasSandbox, terms.listen) = (true, "127.0.0.1:0")
        terms.tables = [
            InstallationSettings.gateway("mail", port: mails.port),
            """
            [[tenants]]
            name = "shop"
            [tenants.brand]
            name = "Shop"
            domain = "shop.example.com"
            from_sms = "Shop"
            """,
        ]
        terms.budgets = [("month", "100000.00")]
        try await Installation.make(terms.installation(port: texts.port)) { post in
            try Data(terms.priceFile.utf8).write(to: URL(filePath: post.path(TextSettings.priceFileName)))
            let scene = try await ProbeScene(post, ["HEADER", "BODY"].map { "GATEPOST_SERVER_\($0)_DEADLINE=2s" })
            let family = children(of: scene.up.processID)
            let (port, bearer) = (scene.port, scene.tokens["every"] ?? "")
            try await withThrowingTaskGroup { group in
                for sender in 1...4 { group.addTask { await send(post, sender, tally) } }
                group.addTask { await crawl(port: port, bearer: bearer, tally) }
                group.addTask { await claim(post, tally) }
                group.addTask {
                    try await watch(family, tally) {
                        tally.add(.mailTaken, mails.counters.taken - tally.count(.mailTaken))
                    }
                }
                await annoy(scene, tally)
                try await group.waitForAll()
            }
            #expect(try await post.call("GET", "/readyz").status == 200)
        }
    }

    /// Of a process that has ended 0.
    private func residentKilobytes(of process: Int32) -> Int {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// Prints what each program holds once a minute, and compares the end with the end of the warm-up.
    ///
    /// `count`: Is called before anything is told.
    private func watch(_ family: [String: Int32], _ tally: Tally, count: @Sendable () -> Void) async throws {
        defer { tally.end() }
        let start = ContinuousClock.now
        var warm: [String: Int] = [:]
        var recent: [[String: Int]] = []
        for minute in 1...minutes {
            // The least of a minute: what a large body takes for a moment is given back.
            var held = family.mapValues { residentKilobytes(of: $0) }
            while ContinuousClock.now < start + .seconds(60) * minute {
                try await Task.sleep(for: .seconds(1))
                for (program, id) in family { held[program] = min(held[program] ?? 0, residentKilobytes(of: id)) }
            }
            count()
            let words = held.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value / 1024) MB (\($0.value) kB)" }
            print("minute \(minute): \(words.joined(separator: ", ")); \(tally.text)")
            for (program, kilobytes) in held { #expect(kilobytes > 0, "\(program) has ended") }
            for (deed, least) in SoakTests.least {
                #expect(tally.count(deed) >= least * minute, "too little was done: \(deed.rawValue)")
            }
            recent = recent.suffix(SoakTests.lasting - 1) + [held]
            if minute == SoakTests.warmUp { warm = held }
            guard minute >= SoakTests.warmUp + SoakTests.lasting else { continue }
            for (program, before) in warm {
                let kilobytes = recent.map { $0[program] ?? 0 }.min() ?? 0
                #expect(
                    kilobytes - before < SoakTests.allowance,
                    "\(program) grew from \(before) kB to \(kilobytes) kB"
                )
            }
        }
    }

    /// Honest events, wrong codes for them, and what was given up once more.
    private func send(_ post: Installation, _ sender: Int, _ tally: Tally) async {
        var number = 0
        while !tally.isOver {
            number += 1
            if number % 3 == 0 {
                if (try? await post.text(to: phone(sender * 1_000_000 + number))) != nil { tally.add(.textAccepted) }
            } else if let one = try? await post.signUp("s\(sender)n\(number)@example.com") {
                tally.add(.mailAccepted)
                if number % 4 == 0,
                    let answer = try? await post.call(
                        "POST",
                        "/v1/challenges/\(one.challenge)/verify",
                        ["code": "000000"]
                    ),
                    answer.status == 422
                {
                    tally.add(.wrongCode)
                }
            }
            if number % 200 == 0 {
                let replay: JSONValue = ["filter": ["reason": "refused"], "limit": 10, "rate": "10/1s"]
                if (try? await post.call("POST", "/v1/replays", replay))?.status == 202 { tally.add(.replay) }
            }
            _ = try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Every probe that there is, again and again.
    private func annoy(_ scene: ProbeScene, _ tally: Tally) async {
        while !tally.isOver {
            for probe in SoakTests.themes.flatMap(\.probes) {
                for each in probe.cases where !tally.isOver {
                    let request = each.request
                    let wire = ProbeWire(
                        bytes: scene.bytes(of: request),
                        answers: request.cut == nil ? request.before.count + 1 : 0,
                        isToHead: request.method == "HEAD",
                        mustClose: each.intention.closes,
                        crowd: request.crowd
                    )
                    _ = await wire.exchange(port: scene.port)
                    tally.add(.rubbish)
                }
            }
        }
    }

    /// Connections that send a byte now and then until they are cut.
    private func crawl(port: UInt16, bearer: String, _ tally: Tally) async {
        let text = "GET /v1/status HTTP/1.1\r\nHost: localhost:\(port)\r\nAuthorization: Bearer \(bearer)\r\n"
        while !tally.isOver {
            let streams = (0..<50).compactMap { _ in StreamListener.connect(port: port) }
            tally.add(.slowConnection, streams.count)
            for byte in text.utf8.prefix(60) where !tally.isOver {
                for stream in streams {
                    _ = withUnsafeBytes(of: byte) {
                        Glibc.send(stream.descriptor, $0.baseAddress, 1, Int32(MSG_NOSIGNAL))
                    }
                }
                _ = try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// A carrier that dies of everything it claims.
    private func claim(_ post: Installation, _ tally: Tally) async {
        while !tally.isOver {
            let instance = UUID().uuidString
            let body: JSONValue = [
                "carrier": "ghost", "instance": .string(instance), "channel": "email", "gateways": ["mail"],
                "max": 2, "wait_ms": 1000,
            ]
            let claims = try? await post.call("POST", "/v1/carriers/claim", body).body["claims"]?.array
            tally.add(.neverBegun, claims?.count ?? 0)
            _ = try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
