import Corpus
import Kernels
import Recurrent
import Regularizers

/// The memory that a training run holds at its largest, from the shapes.
///
/// Buffers are made for the longest windows that can come, but a page of memory counts only from its first use on: ``resident`` leaves out
/// what no window reaches in practice. Files that the run reads are not counted, since the system takes their pages back when it needs them.
public struct MemoryNeed: Equatable, Sendable {
    /// Bytes of all ``Kernels/Buffer``s that are there at the same time.
    public let buffers: Int
    /// Bytes in physical memory: buffers as far as they are used, text, the threads' scratch, and the program itself.
    public let resident: Int
    /// Bytes of address space, used or not; see `RLIMIT_AS`.
    public let addressSpace: Int

    /// The program and its libraries before training, and the address space that they, the allocator and threads that wait take beside.
    private static let program = 50e6
    private static let programAddressSpace = 650e6
    /// A word in the vocabulary: its text, and its entry among the numbers of words.
    private static let bytesPerWord = 250.0

    /// - Parameters:
    ///   - corpus: the text of the run; only its sizes matter.
    ///   - threads: of the run.
    public init(_ model: ModelConfiguration, schedule: TrainingSchedule, corpus: Corpus, threads: Int) {
        self.init(
            model, schedule: schedule, vocabularySize: corpus.vocabulary.count, trainingTokens: corpus.train.count,
            validationTokens: corpus.validation.count, testTokens: corpus.test.count, threads: threads)
    }

    /// - Parameters:
    ///   - vocabularySize: V.
    ///   - trainingTokens: length of the training text in use; those of the other texts beside it.
    ///   - threads: of the run.
    public init(
        _ model: ModelConfiguration, schedule: TrainingSchedule, vocabularySize: Int, trainingTokens: Int, validationTokens: Int,
        testTokens: Int, threads: Int
    ) {
        let sizes = Sizes(model, vocabularySize: vocabularySize)
        let windowLength = VariableLengthBPTT(
            isOn: model.regularization.variableLengthBPTT, baseLength: schedule.windowLength, stream: RandomStream(seed: 0, name: ""))
        let evaluated = Evaluator.defaultWindowLength
        // Weights, their gradients, the best of them, and their average.
        let weights = sizes.parameters * (schedule.ntASGD ? 4 : 3)
        let fixed = weights + sizes.packed(batchSizes: [schedule.batchSize, schedule.validationBatchSize, schedule.testBatchSize])
            + sizes.masks(batchSize: schedule.batchSize)

        let judged = schedule.validationTokens == 0 ? validationTokens : min(schedule.validationTokens, validationTokens)
        func steps(_ length: Int, _ tokens: Int, _ batchSize: Int) -> Int { min(length, max(1, tokens / max(1, batchSize))) }
        let longest = steps(windowLength.lengthsInPractice.upperBound, trainingTokens, schedule.batchSize)
        let passes = [
            Pass(batchSize: schedule.batchSize, length: windowLength.maximumLength, usedLength: longest, isTraining: true)
        ] + [(schedule.validationBatchSize, validationTokens), (schedule.testBatchSize, testTokens)].map { batchSize, tokens in
            Pass(batchSize: batchSize, length: evaluated, usedLength: steps(evaluated, tokens, batchSize), isTraining: false)
        }
        let sequences = Self.shared(passes.map(sizes.sequences))
        let beside = passes.reduce((allocated: fixed, used: fixed)) { sum, pass in
            (sum.allocated + sizes.own(pass, length: pass.length), sum.used + sizes.own(pass, length: pass.usedLength))
        }
        let (allocated, used) = (beside.allocated + sequences.allocated, beside.used + sequences.used)

        let scratch = Double(threads) * sizes.scratchBytes(rows: longest * schedule.batchSize)
        let tokens = Double(trainingTokens) + Double(validationTokens) + Double(testTokens) + Double(judged)
        let texts = 4 * tokens + Self.bytesPerWord * Double(vocabularySize)
        buffers = Int(clamping: 4 * allocated)
        resident = Int(clamping: 4 * used + texts + scratch + Self.program)
        addressSpace = Int(clamping: 4 * allocated + texts + scratch + Self.programAddressSpace)
    }

    /// A ``WindowPass`` of a run.
    private struct Pass {
        let batchSize: Int
        /// The longest window that it has the buffers for, and that it meets.
        let length: Int
        let usedLength: Int
        let isTraining: Bool
    }

    /// Values of a sequence, as far as there is a buffer and as far as it is used.
    private typealias Values = (allocated: Double, used: Double)

    /// The sequences of all passes together, which share a ``SequenceMemory``: one that is larger than those before it has a buffer of its own.
    private static func shared(_ passes: [[Values]]) -> Values {
        var total = (allocated: 0.0, used: 0.0)
        var last = [Values](repeating: (0, 0), count: passes.map(\.count).max() ?? 0)
        for pass in passes {
            for (place, sequence) in pass.enumerated() {
                if sequence.allocated > last[place].allocated {
                    last[place] = (sequence.allocated, 0)
                    total.allocated += sequence.allocated
                }
                total.used += max(0, sequence.used - last[place].used)
                last[place].used = max(sequence.used, last[place].used)
            }
        }
        return total
    }

    /// Numbers of values, in floating point, where no size overflows.
    private struct Sizes {
        let model: ModelConfiguration
        let vocabularySize: Int
        let embedding: Double
        /// Input and output width of each layer.
        let layers: [(input: Double, output: Double)]

        init(_ model: ModelConfiguration, vocabularySize: Int) {
            self.model = model
            self.vocabularySize = vocabularySize
            embedding = Double(model.effectiveEmbeddingSize)
            layers = model.layerSizes.map { (Double($0.input), Double($0.output)) }
        }

        /// Where this machine has none of the precision, that of others, which may train the run.
        private var path: ProductPath { ProductPath.available.first { $0.precision == model.precision } ?? .avx512BF16 }

        private var gates: Double { Double(model.cell.gateCount) }

        var parameters: Double {
            model.parameterShapes(vocabularySize: vocabularySize).reduce(0) { $0 + Double($1.rows) * Double($1.columns) }
        }

        /// One set of packed weights, that of the largest layer, in the largest packing.
        func packed(batchSizes: [Int]) -> Double {
            guard model.cell.hasHiddenProduct else { return 0 }
            let counts = model.layerSizes.flatMap { layer in
                batchSizes.map {
                    RecurrentProduct.packedCount(
                        outputs: model.cell.gateCount * layer.output, hiddenSize: layer.output, batchSize: $0, path: path)
                }
            }
            return Double(counts.max() ?? 0)
        }

        func masks(batchSize: Int) -> Double {
            let strengths = model.regularization
            func mask(_ strength: Float, _ count: Double) -> Double { strength > 0 ? count : 0 }
            let batch = Double(batchSize)
            let outputs = zip(outputDropouts, layers).map { mask($0, batch * $1.output) }
            let weights = model.droppedShapes.map { mask(strengths.weightDropping, Double($0.rows) * Double($0.columns)) }
            return mask(strengths.embeddingDropout, Double(vocabularySize)) + mask(strengths.variationalDropoutInput, batch * embedding)
                + (outputs + weights).reduce(0, +)
        }

        /// What a pass has beside sequences: states and gradients that are carried, the QRNN's input before the window, its factors of no
        /// zoneout and of zoneout.
        func own(_ pass: Pass, length: Int) -> Double {
            let batch = Double(pass.batchSize)
            let hasZoneout = model.cell == .qrnn && model.zoneout > 0
            return layers.enumerated().reduce(0.0) { sum, element in
                let layer = element.element
                let carried = (model.cell == .gru ? 1 : 2) * batch * layer.output
                let before = model.cell.inputWindow(layer: element.offset) == 2 ? batch * layer.input : 0
                return sum + carried + before + (hasZoneout ? batch * (pass.isTraining ? Double(length) : 1) * layer.output : 0)
            }
        }

        /// In the order in which a pass asks for them.
        func sequences(_ pass: Pass) -> [Values] {
            let batch = Double(pass.batchSize)
            let (rows, used) = (batch * Double(pass.length), batch * Double(pass.usedLength))
            var sequences: [Values] = []
            for layer in layers {
                let gates = (rows * gates * layer.output, used * gates * layer.output)
                let outputs = ((rows + batch) * layer.output, (used + batch) * layer.output)
                // The GRU keeps both products; the others have cells, as many as outputs.
                sequences += [gates, model.cell == .gru ? gates : outputs, outputs]
            }
            func block(_ rows: Double) -> Double {
                let vocabularySize = max(1, vocabularySize)
                return Double(Decoder.blockRows(vocabularySize: vocabularySize, maximumRows: Int(clamping: rows))) * Double(vocabularySize)
            }
            sequences += [(block(rows), block(used)), (rows * embedding, used * embedding)]
            let widest = max(layers.map(\.input).max() ?? 0, embedding)
            let training = pass.isTraining ? 1.0 : 0
            return sequences + [(training * rows * widest, training * used * widestDropped), (training * rows * widest, training * used * widest)]
        }

        /// The strength of the dropout on each layer's output.
        private var outputDropouts: [Float] {
            let strengths = model.regularization
            return layers.indices.map { $0 == layers.count - 1 ? strengths.variationalDropoutOutput : strengths.variationalDropoutHidden }
        }

        /// The width of the widest output under dropout.
        private var widestDropped: Double { zip(outputDropouts, layers).map { $0 > 0 ? $1.output : 0 }.max() ?? 0 }

        /// What a thread keeps for packing: its largest transposed factors are the gradients of gates and of logits.
        func scratchBytes(rows: Int) -> Double {
            let widest = max((layers.map(\.output).max() ?? 0) * gates, Double(vocabularySize))
            return Double(path.scratchBytes(rows: Int(clamping: widest), depth: rows))
        }
    }
}

extension Int {
    /// The whole number nearest to `value`, or the largest there is.
    fileprivate init(clamping value: Double) { self = value < 9e18 ? Int(value) : Int.max }
}
