import Clocks
import Foundation
import TestSupport
import Testing

@Suite("The machine's clocks")
struct SystemTimeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func setOffset(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder.file("wall_offset_ms")))
    }

    @Test("stand still while the wall clock is back by less than a minute")
    func standsStill() throws {
        let time = SystemTime(testDirectory: folder.path)
        let before = time.now()
        try setOffset("-50000")
        #expect(time.now() == before)
        try setOffset("-59000\n")
        #expect(time.now() == before)
    }

    @Test("go on from where they stood once the wall clock has caught up")
    func catchesUp() throws {
        let time = SystemTime(testDirectory: folder.path)
        let before = time.now()
        try setOffset("-50000")
        #expect(time.now() == before)
        try setOffset("60000")
        #expect(time.now() - before >= .seconds(60))
    }

    @Test("follow a larger step back, and go on from there")
    func follows() throws {
        let time = SystemTime(testDirectory: folder.path)
        let before = time.now()
        try setOffset("-36000000")
        let after = time.now()
        #expect(before - after > .seconds(30_000))
        #expect(time.now() >= after)
    }

    @Test("follow a step forward of any size")
    func stepsForward() throws {
        let time = SystemTime(testDirectory: folder.path)
        let before = time.now()
        try setOffset("36000000")
        #expect(time.now() - before >= .seconds(36_000))
    }

    @Test(
        "read an offset that is no number, or none, as zero",
        arguments: ["", "soon", "5 minutes", "1e9", "\n-36000000"]
    )
    func badOffset(text: String) throws {
        try setOffset(text)
        let time = SystemTime(testDirectory: folder.path)
        #expect(abs((time.now() - SystemTime().now()).milliseconds) < 600_000)
    }

    @Test("do not go back between two looks, and the time since boot neither")
    func monotonic() {
        let time = SystemTime()
        var wall = time.now()
        var boot = time.boot()
        for _ in 0..<1000 {
            let (nextWall, nextBoot) = (time.now(), time.boot())
            #expect(nextWall >= wall && nextBoot >= boot)
            (wall, boot) = (nextWall, nextBoot)
        }
    }

    @Test("name the run of the machine as the test directory says, else as the kernel does")
    func bootID() throws {
        let kernel = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        #expect(SystemTime().bootID == kernel.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(SystemTime(testDirectory: folder.path).bootID == SystemTime().bootID)
        try Data("second-boot\n".utf8).write(to: URL(filePath: folder.file("boot_id")))
        #expect(SystemTime(testDirectory: folder.path).bootID == "second-boot")
    }
}
