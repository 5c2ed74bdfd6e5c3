varying vec2 places[5];
varying float weight;
void main() {
    vv_vertShaderInit();
    for (int i = 0; i < 5; ++i) {
        places[i] = vv_FragNormCoord + vec2(float(i - 2) * spread / RENDERSIZE.x, 0.0);
    }
    weight = 0.2;
}
