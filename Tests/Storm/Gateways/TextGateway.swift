import Clocks
import Glibc
import JSON
import TestSupport

/// An SMS gateway on loopback that records what it takes, and fails as the weather says.
enum TextGateway {
    /// Listens, and returns the port.
    static func open(_ name: String, _ record: GatewayRecord, _ weather: Weather, seed: UInt64) throws -> UInt16 {
        try Wire(isDead: weather.mood(of: name).isDead) { stream, number in
            var generator = SeededGenerator(seed: seed &+ UInt64(number))
            guard !weather.mood(of: name).isDead else { return }
            // The first begins with the connection.
            var begun: Int64? = weather.wall
            while let body = request(stream, begins: { begun = begun ?? weather.wall }) {
                guard let json = try? JSONValue(parsing: body), let reference = json["ref"]?.string,
                    let to = json["to"]?.string, let text = json["text"]?.string
                else { return }
                let key = String(reference.suffix(32))
                record.arrived(key, at: name)
                let fate = Fate.draw(weather.mood(of: name), using: &generator)
                let take = GatewayRecord.Take(
                    gateway: name,
                    key: key,
                    to: to,
                    code: String(text.prefix { $0.isNumber }),
                    boot: SystemTime.machine.boot().milliseconds,
                    wall: weather.wall,
                    begun: begun ?? weather.wall
                )
                begun = nil
                let answer = serve(fate, take, record, half: number)
                record.answered(key, isOdd: answer == nil)
                guard let answer, stream.send(answer) else { return }
            }
        }.port
    }

    /// Returns the answer, `nil` where it closes without one.
    private static func serve(_ fate: Fate, _ take: GatewayRecord.Take, _ record: GatewayRecord, half: Int) -> String? {
        switch fate {
        case .take:
            record.took(take)
            Waves.wait(half: half)
            // Letters: runs of digits are struck out of what is kept of gateways.
            let sid = String(
                take.key.map { $0.isNumber ? Character(UnicodeScalar(UInt8(0x67 + ($0.wholeNumberValue ?? 0)))) : $0 }
            )
            return answer(201, "{\"sid\":\"\(sid)\",\"cost\":{\"amount\":\"0.0001\",\"currency\":\"USD\"}}")
        case .takeAndReset:
            record.took(take)
            return nil
        case .takeAndSleep:
            record.took(take)
            usleep(useconds_t(StormTerms.gatewayTimeout + 500) * 1000)
            return nil
        case .reset: return nil
        case .refuse: return answer(400, "{\"message\":\"no\"}")
        case .retry: return answer(503, "{\"message\":\"later\"}")
        }
    }

    private static func answer(_ status: Int, _ body: String) -> String {
        "HTTP/1.1 \(status) Status\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            + body
    }

    /// The body of the next request.
    private static func request(_ stream: WireStream, begins: () -> Void) -> [UInt8]? {
        var length = 0
        while let line = stream.line() {
            begins()
            if line.isEmpty { return stream.bytes(length) }
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.first?.lowercased() == "content-length", parts.count > 1 {
                length = Int(parts[1].drop { $0 == " " }) ?? 0
            }
        }
        return nil
    }
}
