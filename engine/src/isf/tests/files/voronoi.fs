/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "tint", "TYPE": "color", "DEFAULT": [1, 1, 1] } ] }*/
#define hash(p) fract(sin(vec2(dot(p, vec2(127.1, 311.7)), dot(p, vec2(269.5, 183.3)))) * 43758.5453)
vec3 voronoi(const in vec2 x)
{
    ivec2 n = ivec2(floor(x)); vec2 f = fract(x); vec3 m = vec3(8.);
    for (int j = -1; j <= 1; j++)
    for (int i = -1; i <= 1; i++)
    {
        vec2 g = vec2(i, j), o = hash(vec2(n) + g), r = g - f + (.5 + .5 * sin(TIME + 6.2831 * o));
        float d = dot(r, r);
        if (d < m.x) m = vec3(d, o);
    }
    return vec3(sqrt(m.x), m.yz);
}
void main() { vec3 c = voronoi(8. * isf_FragNormCoord); gl_FragColor = vec4(c.x * tint.rgb + c * .2, tint.a); }
