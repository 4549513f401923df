import Clocks
import Deliveries

extension StoryBounds {
    /// Reads `[explain]`.
    init(_ section: SettingsSection) throws(SettingsError) {
        self.init()
        refusalLife = try section.duration(
            "refused_for",
            default: refusalLife,
            in: .seconds(60)...(.seconds(7 * 86_400))
        )
        refusals = try section.integer("refused", default: refusals, in: 100...1_000_000)
        notes = try section.integer("changes", default: notes, in: 4...1000)
        try section.refuseUnknown()
    }
}
