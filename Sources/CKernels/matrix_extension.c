// Products of bfloat16 tiles by the tile registers of the processor (Intel's AMX).
#include "tiles.h"

#ifdef HAS_BFLOAT16
#include <cpuid.h>
#include <immintrin.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MATRIX_EXTENSION __attribute__((target("amx-tile,amx-bf16")))

// The system keeps the registers of a process only once it was asked to.
static int is_permitted(void) {
    enum { request_permission = 0x1023, tile_data = 18 };
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

int ck_has_matrix_extension(void) {
    enum { bfloat16 = 1 << 22, tiles = 1 << 24 };
    unsigned a, b, c, d;
    if (!ck_has_dot_instruction() || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    return (d & bfloat16) != 0 && (d & tiles) != 0 && is_permitted();
}

// The registers 0 to 3 are the block of the result, 4 and 5 tiles of a, 6 and 7 of b.
typedef struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} shape;

static void set(shape *shape, size_t register_number, size_t rows, size_t row_bytes) {
    if (rows == 0 || row_bytes == 0) return;
    shape->rows[register_number] = (uint8_t)rows;
    shape->row_bytes[register_number] = (uint16_t)row_bytes;
}

static _Thread_local struct {
    size_t rows, columns;
} configured;

// Gives the registers the shape of the block, so that nothing beyond its edges is read, written or computed.
MATRIX_EXTENSION static void configure(size_t rows, size_t columns) {
    if (configured.rows == rows && configured.columns == columns) return;
    shape shape = {.palette = 1};
    size_t heights[2], widths[2];
    for (size_t half = 0; half < 2; half++) {
        const size_t first = half * TILE_LINES;
        heights[half] = rows <= first ? 0 : rows - first < TILE_LINES ? rows - first : TILE_LINES;
        widths[half] = columns <= first ? 0 : columns - first < TILE_LINES ? columns - first : TILE_LINES;
    }
    for (size_t row = 0; row < 2; row++) {
        for (size_t column = 0; column < 2; column++) set(&shape, 2 * row + column, heights[row], widths[column] * sizeof(float));
        set(&shape, 4 + row, heights[row], 2 * TILE_DEPTH);
        set(&shape, 6 + row, TILE_DEPTH / 2, widths[row] * sizeof(float));
    }
    _tile_loadconfig(&shape);
    configured.rows = rows;
    configured.columns = columns;
}

MATRIX_EXTENSION void ck_release_matrix_extension(void) {
    _tile_release();
    configured.rows = configured.columns = 0;
}

MATRIX_EXTENSION void ck_matrix_extension_block(
    size_t rows, size_t columns, size_t tiles, const uint16_t *a, size_t a_lines, const uint16_t *b, size_t b_lines, float *result,
    size_t result_stride, int accumulate) {
    const int is_tall = rows > TILE_LINES, is_wide = columns > TILE_LINES;
    const size_t stride = result_stride * sizeof(float), row = 2 * TILE_DEPTH;
    float *right = result + TILE_LINES, *below = result + TILE_LINES * result_stride, *last = below + TILE_LINES;
    configure(rows, columns);
    if (accumulate) {
        _tile_loadd(0, result, stride);
        if (is_wide) _tile_loadd(1, right, stride);
        if (is_tall) _tile_loadd(2, below, stride);
        if (is_tall && is_wide) _tile_loadd(3, last, stride);
    } else {
        _tile_zero(0);
        if (is_wide) _tile_zero(1);
        if (is_tall) _tile_zero(2);
        if (is_tall && is_wide) _tile_zero(3);
    }
    for (size_t tile = 0; tile < tiles; tile++) {
        _tile_loadd(4, a + tile * TILE, row);
        _tile_loadd(6, b + tile * TILE, row);
        _tile_dpbf16ps(0, 4, 6);
        if (is_wide) {
            _tile_loadd(7, b + b_lines + tile * TILE, row);
            _tile_dpbf16ps(1, 4, 7);
        }
        if (!is_tall) continue;
        _tile_loadd(5, a + a_lines + tile * TILE, row);
        _tile_dpbf16ps(2, 5, 6);
        if (is_wide) _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, result, stride);
    if (is_wide) _tile_stored(1, right, stride);
    if (is_tall) _tile_stored(2, below, stride);
    if (is_tall && is_wide) _tile_stored(3, last, stride);
}
#else
int ck_has_matrix_extension(void) { return 0; }
#endif
