import Deliveries
import SQLite
import Store
import StoreBehaviour
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

/// A post office in a folder of its own.
final class SQLiteLab: StoreLab {
    let folder: TemporaryFolder
    let time = ManualTime()
    let routing: RoutingTable
    private let office: Mutex<SQLitePostOffice>

    var path: String { folder.file("post.db") }
    var life: LifeFile { LifeFile(path: folder.file("keys.state")) }
    var post: SQLitePostOffice { office.withLock { $0 } }
    var store: any PostOfficeStore { post }

    init(routing: RoutingTable = StoreBehaviour.routing) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        self.routing = routing
        let office = try SQLitePostOffice(
            path: folder.file("post.db"),
            life: LifeFile(path: folder.file("keys.state")),
            routing: routing,
            time: time,
            generator: SeededGenerator(seed: 2)
        )
        self.office = Mutex(office)
    }

    func open() throws(OpeningError) -> SQLitePostOffice {
        try SQLitePostOffice(
            path: path,
            life: life,
            routing: routing,
            time: time,
            generator: SeededGenerator(seed: 3)
        )
    }

    func reopen() async throws {
        await post.close()
        let again = try open()
        office.withLock { $0 = again }
    }
}
