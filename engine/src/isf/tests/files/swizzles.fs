/*{ "ISFVSN": "2" }*/
void main() {
    vec4 c = vec4(0);
    c.rg = isf_FragNormCoord.yx;
    c.bg += c.st * 0.5;
    c.xyz.zyx.x *= 0.9;
    c[3] = 1.0;
    vec3 v = c.zyx; v.xz = v.zx; v.y++;
    --v.z;
    float f = v.y--, g = -v.x;
    gl_FragColor = vec4(v.xxy + f * 0.1 - g, c.a).bgra;
}
