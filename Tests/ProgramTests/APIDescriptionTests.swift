import API
import Foundation
import JSON
import Testing

@Suite("The description of the API", .timeLimit(.minutes(12)))
struct APIDescriptionTests {
    @Test("is OpenAPI 3.1 whose examples fit, and says of the events what their schemas say")
    func valid() async throws {
        let events = PythonPeer.root.appending(path: "Schemas/events").path
        let faults = try await PythonPeer.run("api_document.py", ["check", APIDescription.path, events])
        #expect(faults.lines == [])
        #expect(faults.code == 0)
    }

    @Test("is served to anybody as the file has it, but not at another host, and names the server's version")
    func served() async throws {
        let description = try APIDescription()
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let answer = try await post.call("GET", "/openapi.json", at: url)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.header("Content-Length") == "\(description.text.count)")
            #expect(answer.body == description.document)
            let head = try await post.call("HEAD", "/openapi.json", at: url)
            #expect(head.status == 200)
            #expect(head.header("Content-Length") == "\(description.text.count)")
            let elsewhere = try await post.call("GET", "/openapi.json", headers: [("Host", "evil.example")], at: url)
            #expect(elsewhere.problem == "forbidden")
            let version = try await post.call("GET", "/v1/status").body["version"]
            #expect(description.document["info"]?["version"] == version)
        }
    }

    @Test("tells the methods and scopes of every path as the server has them")
    func endpoints() async throws {
        let description = try APIDescription()
        var settings = SignedReceipt.twilio.installation(port: 9)
        settings.tables.append("[sandbox]\nenabled = true")
        try await Installation.make(settings) { post in
            try Data(SignedReceipt.twilio.priceFile.utf8).write(
                to: URL(filePath: post.path(TextSettings.priceFileName))
            )
            let server = try await post.server()
            let url = try await post.url(of: server)
            for (path, methods) in description.methods {
                for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                    let isDescribed = methods.contains(method == "HEAD" && !path.isOfReceipts ? "GET" : method)
                    // Nobody is asked what is in the request before who asks is known.
                    let filled = path.replacing("{id}", with: "1").replacing("{gateway}", with: "sms")
                    let answer = try await post.call(method, filled.replacing("{attempt}", with: "1"), at: url)
                    guard isDescribed else {
                        #expect(answer.status == 405, "\(method) \(path)")
                        let allowed = answer.header("Allow")?.split(separator: ", ").map(String.init) ?? []
                        #expect(Set(allowed) == methods, "\(method) \(path)")
                        continue
                    }
                    let scope = description.scope(of: method == "HEAD" ? "GET" : method, path)
                    #expect(answer.status == (scope == nil && !path.isOfReceipts ? 200 : 401), "\(method) \(path)")
                    #expect(method == "HEAD" || answer.body["scope"]?.string == scope, "\(method) \(path)")
                }
            }
        }
    }

    @Test("leaves out no endpoint of the server, and of those that are probed says the scope that they need")
    func complete() throws {
        let endpoints = try APIDescription().endpoints
        for probed in ProbedEndpoint.all {
            let described = endpoints.first { "\($0.method) \($0.path)" == probed.name }
            #expect(described != nil, "\(probed.name) is not described")
            #expect(described?.scopes.first == probed.scope, "\(probed.name)")
        }
        // A server does not tell its paths: they are read where they are told apart.
        let source = PythonPeer.root.appending(path: "Sources/API/API.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        let atTop = text.matches(of: /case 1 where segments\[0\] == "([^"]+)"/).map { "/" + $0.1 }
        let below = text.matches(of: /case \("([^"]+)", [0-9.]+\)/).map { "/v1/" + $0.1 }
        try #require(atTop.count > 1 && below.count > 10)
        let paths = try APIDescription().methods.keys
        for known in atTop + below {
            #expect(paths.contains { $0 == known || $0.hasPrefix(known + "/") }, "\(known) is not described")
        }
    }

    @Test("tells of every kind of problem, and of no other")
    func problems() throws {
        #expect(try APIDescription().problems == Set(Problem.Name.allCases.map(\.rawValue)))
    }
}

extension String {
    /// Whether a gateway brings its receipts here, signed in its own way; HEAD says nothing there.
    fileprivate var isOfReceipts: Bool { hasPrefix("/v1/receipts/") }
}
