// Products of a batch of states with packed weights, by kernels that libxsmm generates for the shape at hand.
#include "CKernels.h"
#include "vector.h"

#ifdef HAS_LIBXSMM
#include <libxsmm.h>

int ck_has_panels(void) { return 1; }

ck_panel_kernel ck_make_panel_kernel(size_t width, size_t batch, size_t depth, size_t outputs, int accumulate) {
    const libxsmm_blasint panel = CK_PANEL, depth_stride = (libxsmm_blasint)depth, output_stride = (libxsmm_blasint)outputs;
    const float one = 1, beta = accumulate ? 1 : 0;
    return (ck_panel_kernel)libxsmm_smmdispatch(
        (libxsmm_blasint)width, (libxsmm_blasint)batch, (libxsmm_blasint)depth, &panel, &depth_stride, &output_stride, &one,
        &beta, NULL, NULL);
}

void ck_multiply_panels(
    ck_panel_kernel whole, ck_panel_kernel last, size_t depth, size_t first, size_t end, const float *panels,
    const float *states, float *result) {
    size_t start = first;
    for (; start + CK_PANEL <= end; start += CK_PANEL)
        ((libxsmm_smmfunction)whole)(panels + start * depth, states, result + start);
    if (start < end) ((libxsmm_smmfunction)last)(panels + start * depth, states, result + start);
}
#else
int ck_has_panels(void) { return 0; }

ck_panel_kernel ck_make_panel_kernel(size_t width, size_t batch, size_t depth, size_t outputs, int accumulate) {
    (void)width, (void)batch, (void)depth, (void)outputs, (void)accumulate;
    return NULL;
}

void ck_multiply_panels(
    ck_panel_kernel whole, ck_panel_kernel last, size_t depth, size_t first, size_t end, const float *panels,
    const float *states, float *result) {
    (void)whole, (void)last, (void)depth, (void)first, (void)end, (void)panels, (void)states, (void)result;
}
#endif

// Small blocks, so that what is read and what is written stay in the first-level cache.
#define DEPTH_BLOCK 16

WIDEST void ck_pack_rows(
    size_t outputs, size_t depth, size_t first, size_t end, const float *restrict weights, float *restrict panels) {
    for (size_t start = first; start < end; start += CK_PANEL) {
        const size_t width = outputs - start < CK_PANEL ? outputs - start : CK_PANEL;
        float *restrict panel = panels + start * depth;
        for (size_t k0 = 0; k0 < depth; k0 += DEPTH_BLOCK) {
            const size_t k1 = k0 + DEPTH_BLOCK < depth ? k0 + DEPTH_BLOCK : depth;
            for (size_t i = 0; i < width; i++)
                for (size_t k = k0; k < k1; k++) panel[k * CK_PANEL + i] = weights[(start + i) * depth + k];
        }
    }
}

WIDEST void ck_pack_columns(
    size_t outputs, size_t depth, size_t first, size_t end, const float *restrict weights, float *restrict panels) {
    for (size_t start = first; start < end; start += CK_PANEL) {
        const size_t width = outputs - start < CK_PANEL ? outputs - start : CK_PANEL;
        float *restrict panel = panels + start * depth;
        for (size_t k = 0; k < depth; k++) memcpy(panel + k * CK_PANEL, weights + k * outputs + start, width * sizeof(float));
    }
}
