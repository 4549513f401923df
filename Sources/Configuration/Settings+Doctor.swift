extension Settings {
    /// What `gatepost doctor` holds a machine to.
    package struct Doctor: Sendable, Equatable {
        /// What must be free on the file system of the database, in bytes.
        package var freeSpace: Int64
        /// A database of more bytes is not read through.
        package var checkSize: Int64

        init(_ section: SettingsSection) throws(SettingsError) {
            freeSpace = try section.integer("free_space", default: 512 << 20, in: 0...1 << 40)
            checkSize = try section.integer("check_size", default: 1 << 30, in: 0...1 << 40)
            try section.refuseUnknown()
        }
    }
}
