import Foundation
import Glibc
import JSON
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
    /// In kilobytes, of each program.
    private static let allowance = 5 * 1024

    private static let themes: [ProbeTheme] = [
        .bytes, .modes, .envelopes, .times, .members, .addresses, .numbers, .texts, .links, .codes, .batches, .requests,
        .verification, .queries, .paths, .methods, .framing, .access, .slowness,
    ]

    /// What was done so far.
    private final class Tally: Sendable {
        private let counts = Mutex<(events: Int, tries: Int, rubbish: Int, claims: Int, slow: Int)>((0, 0, 0, 0, 0))
        private let over = Latch()

        var isOver: Bool { over.isOpen }
        var text: String {
            let now = counts.withLock { $0 }
            return "\(now.events) events, \(now.tries) tries at codes, \(now.rubbish) pieces of rubbish, "
                + "\(now.claims) claims never begun, \(now.slow) slow connections"
        }

        func end() { over.open() }
        func add(events: Int = 0, tries: Int = 0, rubbish: Int = 0, claims: Int = 0, slow: Int = 0) {
            counts.withLock { counts in
                counts.events += events
                counts.tries += tries
                counts.rubbish += rubbish
                counts.claims += claims
                counts.slow += slow
            }
        }
    }

    @Test("holds no more memory after an hour than after ten minutes, but for 5 MB")
    func memory() async throws {
        var settings = InstallationSettings.branded(tables: ["[[tenants]]\nname = \"shop\""])
        settings.listen = "127.0.0.1:0"
        try await Installation.make(settings) { post in
            let scene = try await ProbeScene(post, ["HEADER", "BODY"].map { "GATEPOST_SERVER_\($0)_DEADLINE=2s" })
            let family = children(of: scene.up.processID)
            let (port, bearer) = (scene.port, scene.tokens["every"] ?? "")
            let tally = Tally()
            try await withThrowingTaskGroup { group in
                for sender in 1...4 { group.addTask { await send(post, sender, tally) } }
                group.addTask { await crawl(port: port, bearer: bearer, tally) }
                group.addTask { await claim(post, tally) }
                group.addTask { try await watch(family, tally) }
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
    private func watch(_ family: [String: Int32], _ tally: Tally) async throws {
        defer { tally.end() }
        let start = ContinuousClock.now
        var warm: [String: Int] = [:]
        for minute in 1...minutes {
            // The least of a minute: what a large body takes for a moment is given back.
            var held = family.mapValues { residentKilobytes(of: $0) }
            while ContinuousClock.now < start + .seconds(60) * minute {
                try await Task.sleep(for: .seconds(1))
                for (program, id) in family { held[program] = min(held[program] ?? 0, residentKilobytes(of: id)) }
            }
            let words = held.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value / 1024) MB (\($0.value) kB)" }
            print("minute \(minute): \(words.joined(separator: ", ")); \(tally.text)")
            for (program, kilobytes) in held { #expect(kilobytes > 0, "\(program) has ended") }
            if minute == SoakTests.warmUp { warm = held }
            for (program, kilobytes) in held {
                guard let before = warm[program] else { continue }
                #expect(
                    kilobytes - before < SoakTests.allowance,
                    "\(program) grew from \(before) kB to \(kilobytes) kB"
                )
            }
        }
    }

    /// Honest events, and wrong codes for them.
    private func send(_ post: Installation, _ sender: Int, _ tally: Tally) async {
        var number = 0
        while !tally.isOver {
            number += 1
            let email = "s\(sender)n\(number)@example.com"
            guard let one = try? await post.signUp(email) else { continue }
            tally.add(events: 1)
            if number % 4 == 0 {
                _ = try? await post.call("POST", "/v1/challenges/\(one.challenge)/verify", ["code": "000000"])
                tally.add(tries: 1)
            }
            // The folder of the sandbox is no part of what is looked at.
            if number % 500 == 0 { _ = try? await post.call("DELETE", "/v1/sandbox") }
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
                    tally.add(rubbish: 1)
                }
            }
        }
    }

    /// Connections that send a byte now and then until they are cut.
    private func crawl(port: UInt16, bearer: String, _ tally: Tally) async {
        let text = "GET /v1/status HTTP/1.1\r\nHost: localhost:\(port)\r\nAuthorization: Bearer \(bearer)\r\n"
        while !tally.isOver {
            let streams = (0..<50).compactMap { _ in StreamListener.connect(port: port) }
            tally.add(slow: streams.count)
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
                "carrier": "ghost", "instance": .string(instance), "channel": "email", "gateways": ["sandbox-email"],
                "max": 2, "wait_ms": 1000,
            ]
            let claims = try? await post.call("POST", "/v1/carriers/claim", body).body["claims"]?.array
            tally.add(claims: claims?.count ?? 0)
            _ = try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
