import Clocks
import HTTPServer
import JSON
private import Keys
import Store
private import Synchronization

extension API {
    /// Answers `POST /v1/backup` with a copy of the database as it is now.
    ///
    /// Whoever goes away before it is made ends the copying.
    func backUp(_ request: Request) async throws(Problem) -> Response {
        try await requireWholeInstallation(request, "A backup holds all tenants")
        let peer = request.peer
        let isCancelled = Atomic(false)
        let result = await withTaskCancellationHandler {
            await attempt { peer.isConnected() && !isCancelled.load(ordering: .relaxed) }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
        let copy: StoreCopy
        do {
            copy = try result.get()
        } catch {
            throw Problem(error)
        }
        let day = "\(copy.madeAt)".prefix(19).filter { $0 != "-" && $0 != ":" }
        var response = Response(
            status: 200,
            headers: [
                ("Content-Type", "application/vnd.sqlite3"),
                ("Content-Disposition", "attachment; filename=\"gatepost-\(day)Z.db\""),
            ]
        )
        do {
            response.file = try ResponseFile(taking: copy.path)
        } catch {
            throw Problem(.unavailable, "The copy could not be read; try again.", retryAfter: 60)
        }
        return response
    }

    private func attempt(while proceed: @escaping @Sendable () -> Bool) async -> Result<StoreCopy, BackupError> {
        do {
            return .success(try await backups.backUp(while: proceed))
        } catch {
            return .failure(error)
        }
    }

    /// Answers `GET /v1/keys`: never a key.
    func listKeys(_ request: Request) async throws(Problem) -> Response {
        try await requireWholeInstallation(request, "The keys are those of all tenants")
        try request.refuseQuery()
        let items = keys.list.map { key -> JSONValue in
            // The key file does not say when.
            [
                "id": .string(key.id), "purpose": .string(key.purpose), "in_use": .bool(key.isInUse),
                "created_at": .null,
            ]
        }
        return .json(["items": .array(items), "next": .null])
    }

    private func requireWholeInstallation(_ request: Request, _ reason: String) async throws(Problem) {
        guard try await principal(of: request, .admin).tenant != nil else { return }
        throw Problem(
            .forbidden,
            "\(reason); use a token that is bound to none.",
            ["scope": .string(Scope.admin.rawValue)]
        )
    }
}

extension Problem {
    fileprivate init(_ error: BackupError) {
        switch error {
        case .isUnderWay:
            self.init(.unavailable, "A backup is being made already; there is one at a time.", retryAfter: 60)
        case .noRoom:
            self.init(
                .unavailable,
                "The server's disk has no room for a copy of the database; make some, then ask again.",
                retryAfter: 60
            )
        case .overtaken(let limit):
            self.init(
                .unavailable,
                "So much was written meanwhile that the log came to \(limit) bytes; ask again when there is less to do, "
                    + "or raise store.wal_limit.",
                retryAfter: 600
            )
        case .givenUp: self.init(.unavailable, "Nobody waited for the copy any more.", retryAfter: 1)
        case .store(.damaged):
            self.init(
                .unavailable,
                "The copy did not pass its check, so the database may be damaged. Stop the server, look at its disk, and "
                    + "restore the last backup.",
                retryAfter: 3600
            )
        case .store(let error): self.init(error)
        }
    }
}

extension Range<Instant> {
    var json: JSONValue { ["from": .string("\(lowerBound)"), "to": .string("\(upperBound)")] }
}

extension Restore {
    var alert: JSONValue {
        [
            "name": "restored", "since": .string("\(at)"),
            "detail": .string(
                "the database was restored; messages and spend from \(missing.lowerBound) to \(missing.upperBound) may "
                    + "be missing"
            ),
        ]
    }
}
