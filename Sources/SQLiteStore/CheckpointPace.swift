/// When the writer copies the WAL back, judged by its length.
///
/// While a reader holds an old snapshot, as a backup does, nothing more can be copied back: to try again after each commit
/// would only cost time.
struct CheckpointPace {
    /// Frames (4 KiB each) from which on it copies the WAL back; small ones keep each pause short.
    static let frames = 1000

    private var next = CheckpointPace.frames
    private var seen = 0

    /// `frames`: In the WAL after a commit.
    mutating func isDue(_ frames: Int) -> Bool {
        // The WAL has begun anew.
        if frames < seen { next = CheckpointPace.frames }
        seen = frames
        return frames >= next
    }

    /// Takes note of a try; `left` are the frames that could not be copied back.
    mutating func tried(left: Int) {
        next = left > 0 ? seen + CheckpointPace.frames : CheckpointPace.frames
    }
}
