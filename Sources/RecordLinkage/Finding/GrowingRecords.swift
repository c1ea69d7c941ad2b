/// Records to which others can be added, and a few passing ones that are asked for.
///
/// All columns have room behind their values. A record that is added is written there before anyone knows of it, and a
/// passing record at the room's end, where its slot is. So a copy of this that was made before goes on being what it was,
/// and may be read while records are added to another; only one thread at a time may add, and use a slot.
struct GrowingRecords: Sendable {
    /// How many passing records there may be at a time.
    static let slots = 64

    /// Where the next name of a column is written.
    struct NamePlace {
        var (name, word, fold, form, letter) = (0, 0, 0, 0, 0)

        /// What a name takes at most: of a word's letters 24 count, and few spellings make them more.
        static let width = NamePlace(name: 2, word: NameReader.most, fold: NameReader.most + 1, form: 1, letter: 768)
        static let mostLetters = width.letter / NameReader.most

        init(name: Int = 0, word: Int = 0, fold: Int = 0, form: Int = 0, letter: Int = 0) {
            (self.name, self.word, self.fold, self.form, self.letter) = (name, word, fold, form, letter)
        }

        /// What `operation` makes of both places, part by part.
        func with(_ other: NamePlace, _ operation: (Int, Int) -> Int) -> NamePlace {
            NamePlace(
                name: operation(name, other.name), word: operation(word, other.word), fold: operation(fold, other.fold),
                form: operation(form, other.form), letter: operation(letter, other.letter))
        }

        func fits(_ limit: NamePlace) -> Bool {
            name <= limit.name && word <= limit.word && fold <= limit.fold && form <= limit.form
                && letter <= limit.letter
        }
    }

    /// What a column of names needs to grow.
    fileprivate struct Names: Sendable {
        /// Where names, words, forms and letters end that records have.
        var used: NamePlace
        /// Where those of passing records begin.
        var limit: NamePlace
        /// For each form a name of it.
        var namesOfForms: Cells<Int32>
        /// Words by their letters.
        var folds = KeyRuns()
        /// Forms by their words.
        var forms = KeyRuns()
    }

    /// The records' fields. It has no ids, and counts none.
    private(set) var table: RecordTable
    /// How many records there are.
    private(set) var count: Int
    /// Changes whenever the columns lie elsewhere.
    private(set) var generation = 0
    /// Where passing records begin.
    private var limit: Int
    private var names: [Names?]
    private var codeLimits: [Int]
    private var ids: Cells<UInt8>
    private var idEnds: Cells<Int>
    private let reader: NameReader
    /// The latest year of birth, which decides between two centuries.
    private let newest: Int32
    private let dateField: Int?
    private let numberField: Int?

    init(_ table: consuming RecordTable) {
        let settings = table.settings
        let old = table.columns
        count = table.count
        limit = Self.room(count)
        ids = Cells(table.ids, capacity: Self.room(table.ids.count))
        idEnds = Cells(table.idEnds, capacity: limit)
        // What was read is not needed any more, and is much.
        table = RecordTable(settings, columns: [], ids: [], idEnds: [], second: nil)
        var columns = old
        reader = NameReader(settings.equivalents)
        dateField = settings.fields.firstIndex { $0.kind == .date }
        numberField = settings.fields.firstIndex { $0.kind == .identifier }
        var latest: Int32 = 0
        if let dateField, case .date(let dates) = old[dateField] {
            for record in 0..<count { latest = max(latest, dates[record] >> 9) }
        }
        newest = latest == 0 ? 2030 : latest
        names = columns.map { _ in nil }
        codeLimits = columns.map { _ in 0 }
        self.table = table
        for column in columns.indices {
            if case .name(let cells) = columns[column] { names[column] = Names(cells) }
            if case .code(let codes) = columns[column] { codeLimits[column] = Self.room(codes.texts.count) }
            columns[column] = grown(columns[column], column)
        }
        self.table = RecordTable(settings, columns: columns, ids: [], idEnds: [], second: nil)
        for column in columns.indices { index(column) }
    }

    /// How many values there is room for before passing ones begin. Room that is not used takes no memory.
    fileprivate static func room(_ count: Int) -> Int { count + count / 4 + 1024 }

    // MARK: Reading

    /// A record's own name.
    func id(_ record: Int) -> String {
        let start = record == 0 ? 0 : idEnds[record - 1]
        return String(
            decoding: UnsafeBufferPointer(start: ids.base + start, count: idEnds[record] - start), as: UTF8.self)
    }

    /// The hash of a record's own name.
    func idKey(_ record: Int) -> UInt64 {
        let start = record == 0 ? 0 : idEnds[record - 1]
        return ByteInterner.hash(UnsafeRawBufferPointer(start: ids.base + start, count: idEnds[record] - start))
    }

    /// The number of the record that a slot's passing one has.
    func record(ofSlot slot: Int) -> Int { limit + slot }

    // MARK: Writing

    /// Adds a record and returns its number.
    mutating func append(id: String, _ texts: [String]) -> Int {
        let bytes = Array(id.utf8)
        makeRoom(bytes.count)
        let record = count
        let start = record == 0 ? 0 : idEnds[record - 1]
        for (offset, byte) in bytes.enumerated() { ids.base[start + offset] = byte }
        idEnds.base[record] = start + bytes.count
        for (column, field) in texts.enumerated() where column < table.columns.count { addCode(field, column) }
        let before = names.map { $0?.used ?? NamePlace() }
        let after = write(texts, record, at: before)
        for column in names.indices { names[column]?.used = after[column] }
        for column in names.indices { index(column, from: before[column]) }
        count += 1
        return record
    }

    /// Writes a passing record into a slot.
    ///
    /// - Parameter cut: writes what can be the beginning of more (a name's last word, a short number) as the little that is
    ///   certain of it: the word's first letter, no number.
    func pass(_ texts: [String], slot: Int, cut: Bool = false) {
        let places = names.map { names in
            guard let names else { return NamePlace() }
            return names.limit.with(NamePlace.width) { $0 + slot * $1 }
        }
        _ = write(texts, record(ofSlot: slot), at: places, slot: slot, cut: cut)
    }

    private func write(
        _ texts: [String], _ record: Int, at places: [NamePlace], slot: Int? = nil, cut: Bool = false
    ) -> [NamePlace] {
        var after = places
        for (column, cells) in table.columns.enumerated() {
            let text = Array((column < texts.count ? texts[column] : "").utf8)
            text.withUnsafeBytes { bytes in
                switch cells {
                case .name(let cells):
                    var words = reader.words(of: bytes).map { Array(reader.folded($0).prefix(NamePlace.mostLetters)) }
                    if cut, let last = words.indices.last { words[last] = Array(words[last].prefix(1)) }
                    if let names = names[column] {
                        after[column] = names.write(words, cells, record, at: places[column])
                    }
                case .date(let dates): dates.base[record] = DateColumn.read(bytes)
                case .number(let numbers):
                    let number = NumberColumn.read(bytes)
                    numbers.base[record] = cut && NumberColumn.digits(number) < 16 ? 0 : number
                case .code(let codes):
                    let known = codes.texts.number(text)
                    codes.values.base[record] = text.isEmpty ? -1 : known ?? Int32(codeLimits[column] + (slot ?? 0))
                    guard let slot, known == nil, !text.isEmpty else { return }
                    codes.records.base[codeLimits[column] + slot] = 1
                    codes.larger.base[codeLimits[column] + slot] =
                        text.count < 6 ? -1 : codes.regions.number(Array(text.prefix(6))) ?? -1
                }
            }
        }
        if let dateField, let numberField, case .date(let dates) = table.columns[dateField],
            case .number(let numbers) = table.columns[numberField]
        {
            dates.base[record] = PersonNumber.date(dates[record], numbers[record], newest: newest)
        }
        return after
    }

    /// Takes a passing record's number away.
    func clearNumber(ofSlot slot: Int, _ column: Int) {
        if case .number(let numbers) = table.columns[column] { numbers.base[record(ofSlot: slot)] = 0 }
    }

    /// A code that never came gets a number.
    private mutating func addCode(_ text: String, _ column: Int) {
        let bytes = Array(text.utf8)
        guard case .code(let codes) = table.columns[column], !bytes.isEmpty, codes.texts.number(bytes) == nil else {
            return
        }
        var (texts, regions) = (codes.texts, codes.regions)
        let number = Int(texts.intern(bytes))
        codes.records.base[number] = 1
        codes.larger.base[number] = bytes.count < 6 ? -1 : regions.intern(bytes.prefix(6))
        replace(
            column,
            .code(
                CodeCells(
                    values: codes.values, records: codes.records, larger: codes.larger, known: codes.known,
                    texts: texts, regions: regions)))
    }

    private mutating func replace(_ column: Int, _ cells: RecordColumn) {
        var columns = table.columns
        columns[column] = cells
        table = RecordTable(table.settings, columns: columns, ids: [], idEnds: [], second: nil)
    }

    // MARK: Growing

    /// Makes room for one more record wherever there may be too little.
    private mutating func makeRoom(_ idBytes: Int) {
        let idEnd = count == 0 ? 0 : idEnds[count - 1]
        if idEnd + idBytes > ids.capacity { ids = ids.copy(idEnd, capacity: Self.room(idEnd + idBytes)) }
        let isFull = count == limit
        if isFull {
            limit = Self.room(count)
            idEnds = idEnds.copy(count, capacity: limit)
        }
        for column in table.columns.indices {
            var needsMore = isFull
            if let own = names[column], !own.used.with(NamePlace.width, +).fits(own.limit) {
                names[column]?.limit = own.used.with(own.used) { used, _ in Self.room(used) }
                needsMore = true
            }
            if case .code(let codes) = table.columns[column], codes.texts.count == codeLimits[column] {
                codeLimits[column] = Self.room(codes.texts.count)
                needsMore = true
            }
            guard needsMore else { continue }
            replace(column, grown(table.columns[column], column))
            generation += 1
        }
    }

    /// A column's copy with room up to the limits and for passing records.
    private mutating func grown(_ column: RecordColumn, _ place: Int) -> RecordColumn {
        let records = limit + Self.slots
        switch column {
        case .date(let cells): return .date(cells.copy(count, capacity: records))
        case .number(let cells): return .number(cells.copy(count, capacity: records))
        case .code(let codes):
            let (known, room) = (codes.texts.count, codeLimits[place] + Self.slots)
            return .code(
                CodeCells(
                    values: codes.values.copy(count, capacity: records),
                    records: codes.records.copy(known, capacity: room),
                    larger: codes.larger.copy(known, capacity: room), known: codes.known, texts: codes.texts,
                    regions: codes.regions))
        case .name(let cells):
            guard let own = names[place] else { return column }
            let used = own.used
            let room = own.limit.with(NamePlace.width) { $0 + Self.slots * $1 }
            names[place]?.namesOfForms = own.namesOfForms.copy(used.form, capacity: room.form)
            return .name(
                NameCells(
                    values: cells.values.copy(count, capacity: records),
                    ends: cells.ends.copy(used.name + 1, capacity: room.name + 1),
                    words: cells.words.copy(used.word, capacity: room.word),
                    forms: cells.forms.copy(used.name, capacity: room.name),
                    letters: cells.letters.copy(used.letter, capacity: room.letter),
                    letterEnds: cells.letterEnds.copy(used.fold + 1, capacity: room.fold + 1),
                    masks: cells.masks.copy(used.fold, capacity: room.fold),
                    recordsOfFold: cells.recordsOfFold.copy(used.fold, capacity: room.fold),
                    recordsOfForm: cells.recordsOfForm.copy(used.form, capacity: room.form), known: cells.known))
        }
    }

    /// Makes a column's words and forms from a place on known.
    private mutating func index(_ column: Int, from place: NamePlace = NamePlace()) {
        guard case .name(let cells) = table.columns[column], var own = names[column] else { return }
        names[column] = nil
        defer { names[column] = own }
        if place.fold < own.used.fold {
            own.folds.insert((UInt32(place.fold)..<UInt32(own.used.fold)).map { $0 }) {
                ByteInterner.hash(cells.letters(Int32($0)))
            }
        }
        guard place.form < own.used.form else { return }
        let namesOfForms = own.namesOfForms
        own.forms.insert((UInt32(place.form)..<UInt32(own.used.form)).map { $0 }) {
            Names.key(cells.sortedWords(namesOfForms[Int($0)]))
        }
    }
}

extension GrowingRecords.Names {
    fileprivate init(_ cells: NameCells) {
        used = GrowingRecords.NamePlace(
            name: cells.forms.count, word: cells.words.count, fold: cells.masks.count, form: cells.recordsOfForm.count,
            letter: cells.letters.count)
        limit = used.with(used) { used, _ in GrowingRecords.room(used) }
        var names = [Int32](repeating: 0, count: used.form)
        for name in 0..<used.name { names[Int(cells.forms[name])] = Int32(name) }
        namesOfForms = Cells(names)
    }

    fileprivate static func key(_ words: [Int32]) -> UInt64 { words.withUnsafeBytes { ByteInterner.hash($0) } }

    /// Writes a name, and says where the next one has its place.
    fileprivate func write(
        _ words: [[UInt8]], _ cells: NameCells, _ record: Int, at place: GrowingRecords.NamePlace
    ) -> GrowingRecords.NamePlace {
        var next = place
        guard !words.isEmpty else {
            cells.values.base[record] = -1
            return next
        }
        // Someone may be reading the end of what was there before: it is the beginning of this.
        func begin(_ ends: Cells<Int32>, _ index: Int, _ value: Int) {
            if ends[index] != Int32(value) { ends.base[index] = Int32(value) }
        }
        begin(cells.ends, next.name, next.word)
        var own: [Int32] = []
        for letters in words {
            let seen =
                number(letters, cells)
                ?? (place.fold..<next.fold).first { cells.letters(Int32($0)).elementsEqual(letters) }.map { Int32($0) }
            own.append(seen ?? Int32(next.fold))
            cells.words.base[next.word] = own[own.count - 1]
            next.word += 1
            guard seen == nil else { continue }
            begin(cells.letterEnds, next.fold, next.letter)
            for letter in letters {
                cells.letters.base[next.letter] = letter
                next.letter += 1
            }
            cells.letterEnds.base[next.fold + 1] = Int32(next.letter)
            cells.masks.base[next.fold] = NameCells.mask(letters)
            cells.recordsOfFold.base[next.fold] = 1
            next.fold += 1
        }
        cells.ends.base[next.name + 1] = Int32(next.word)
        own.sort()
        let form = form(own, cells)
        cells.forms.base[next.name] = form ?? Int32(next.form)
        if form == nil {
            cells.recordsOfForm.base[next.form] = 1
            namesOfForms.base[next.form] = Int32(next.name)
            next.form += 1
        }
        cells.values.base[record] = Int32(next.name)
        next.name += 1
        return next
    }

    /// The number of a word that is known.
    private func number(_ letters: [UInt8], _ cells: NameCells) -> Int32? {
        folds.first(
            letters.withUnsafeBytes { ByteInterner.hash($0) }, { ByteInterner.hash(cells.letters(Int32($0))) },
            where: { cells.letters(Int32($0)).elementsEqual(letters) }
        ).map { Int32($0) }
    }

    /// The number of a form that is known.
    private func form(_ words: [Int32], _ cells: NameCells) -> Int32? {
        forms.first(
            Self.key(words), { Self.key(cells.sortedWords(namesOfForms[Int($0)])) },
            where: { cells.sortedWords(namesOfForms[Int($0)]) == words }
        ).map { Int32($0) }
    }
}

extension NameCells {
    /// A name's words in the order of their numbers.
    fileprivate func sortedWords(_ name: Int32) -> [Int32] {
        UnsafeBufferPointer(start: words.base + range(name).lowerBound, count: range(name).count).sorted()
    }
}
