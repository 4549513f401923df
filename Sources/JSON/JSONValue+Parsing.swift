extension JSONValue {
    /// Reads exactly one document: strict RFC 8259, strict UTF-8, no byte order mark, each name of an object once.
    ///
    /// - Parameters:
    ///   - bytes: The whole document, less than 4 GiB.
    ///   - depth: How many arrays and objects may stand in one another, 0 to 512. Deeper ones are refused before
    ///     anything is called recursively, so that no input can exhaust the stack.
    /// - Throws: ``JSONError`` for the first thing that is wrong; a name given twice comes after everything else.
    package init(parsing bytes: [UInt8], depth: Int = 32) throws(JSONError) {
        precondition((0...512).contains(depth), "values are built recursively, so the depth has to be small")
        let tape = Tape(reading: bytes, depth: depth)
        self = try tape.value()
    }
}
