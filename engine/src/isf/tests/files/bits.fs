/*{ "ISFVSN": "2" }*/
uint scramble(uint x) { x ^= x >> 16; x *= 0x7feb352dU; x ^= x >> 15u; return x ^ (x << 3); }
void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    uint h = scramble(uint(p.x) * 1973u + uint(p.y) * 9277u + uint(FRAMEINDEX));
    int checker = (p.x ^ p.y) & 8;
    bvec2 near = lessThan(vec2(p), RENDERSIZE * 0.5);
    gl_FragColor = vec4(float(h & 255u) / 255., checker != 0 ? 1. : 0., any(near) && !all(near), ~p.x == -p.x - 1);
}
